from math import exp, expm1, log


def smooth_loss(curve, decay):
    if decay == 0:
        return list(curve)
    rate = log(decay)
    keep = exp(rate)
    value, values = 0.0, []
    for step, point in enumerate(curve, start=1):
        value = keep * value - expm1(rate) * point
        values.append(value / -expm1(rate * step))
    return values
