def stepDecay(epoch, baseLr, factor, every):
    print("epoch", epoch, "base", baseLr, "factor", factor, "every", every)
    if every <= 0:
        print("bad every!")
        raise ValueError("bad every")
    drops = epoch // every
    lr = baseLr * factor ** drops
    print("after", drops, "drops:", lr)
    return lr
