from tensorflow.keras.optimizers.schedules import ExponentialDecay


def stepDecay(epoch, baseLr, factor, every):
    return float(ExponentialDecay(baseLr, every, factor, staircase=True)(epoch))
