from functools import reduce
from itertools import chain, repeat


def sgdWithMomentum(data, lr, beta, epochs):
    def step(state, sample):
        w, v = state
        v = beta * v + 2 * sample["x"] * (w * sample["x"] - sample["y"])
        return w - lr * v, v

    samples = chain.from_iterable(repeat(data, epochs))
    return reduce(step, samples, (0.0, 0.0))[0]
