from math import sqrt


def rms_prop(weights, gradients, learning_rate, rho, epsilon):
    weights = list(weights)
    averages = [0.0] * len(weights)
    for gradient in gradients:
        for k, g in enumerate(gradient):
            averages[k] = rho * averages[k] + (1.0 - rho) * g * g
            denominator = sqrt(averages[k]) + epsilon
            weights[k] = weights[k] - learning_rate * (g / denominator)
    return weights
