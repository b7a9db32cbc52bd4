from functools import reduce


def nesterovMomentum(w, gradients, lr, beta):
    def step(state, g):
        w, v = state
        v = beta * v + g
        return w - lr * (g + beta * v), v

    return reduce(step, gradients, (w.astype(float), 0.0))[0]
