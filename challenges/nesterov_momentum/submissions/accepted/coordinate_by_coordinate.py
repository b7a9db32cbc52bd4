import numpy as np


def train_one(weight, column, lr, beta):
    velocity = 0.0
    for g in column:
        velocity = beta * velocity + g
        weight = weight - lr * (g + beta * velocity)
    return weight


def nesterovMomentum(w, gradients, lr, beta):
    answer = np.empty(len(w))
    for j in range(len(w)):
        answer[j] = train_one(w[j], gradients[:, j], lr, beta)
    return answer
