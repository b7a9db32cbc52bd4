from functools import reduce


def smoothLoss(losses, beta):
    def step(state, loss):
        m, t, out = state
        m = beta * m + (1 - beta) * loss
        out.append(m / (1 - beta**t))
        return m, t + 1, out

    return reduce(step, losses, (0.0, 1, []))[2]
