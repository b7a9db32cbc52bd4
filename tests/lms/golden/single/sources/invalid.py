def step_decays(epoch, baseLr, factor, every):
    return baseLr
