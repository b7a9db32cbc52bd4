def stepDecay(epoch, baseLr, factor, every):
    if every <= 0:
        raise ValueError("every must be positive")
    return baseLr * factor ** (epoch // every)


if __name__ == "__main__":
    for e in range(10):
        print(e, stepDecay(e, 0.4, 0.5, 3))
