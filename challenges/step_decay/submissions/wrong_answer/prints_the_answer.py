def stepDecay(epoch, baseLr, factor, every):
    if every <= 0:
        raise ValueError("every")
    lr = baseLr * factor ** (epoch // every)
    print("lr:", lr)
