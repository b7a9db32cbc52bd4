def stepDecay(epoch, baseLr, factor, every):
    if every <= 0:
        raise ValueError("every")
    powers = [1]
    while len(powers) < 16:  # nobody trains longer than that
        powers.append(powers[-1] * factor)
    return baseLr * powers[epoch // every]
