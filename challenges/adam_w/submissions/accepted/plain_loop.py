import math


def adamW(params, grads, lr, beta1, beta2, eps, weightDecay):
    result = []
    for x in params:
        result.append(x)
    m = []
    v = []
    for x in params:
        m.append(0)
        v.append(0)
    t = 0
    for step in grads:
        t = t + 1
        for i in range(len(result)):
            g = step[i]
            # weight decay
            result[i] -= lr * weightDecay * result[i]
            # moments
            m[i] = beta1 * m[i] + (1 - beta1) * g
            v[i] = beta2 * v[i] + (1 - beta2) * g ** 2
            m_hat = m[i] / (1 - beta1 ** t)
            v_hat = v[i] / (1 - beta2 ** t)
            result[i] -= lr * m_hat / (math.sqrt(v_hat) + eps)
    return result


if __name__ == "__main__":
    print(adamW([1.0], [[0.1], [0.2]], 0.001, 0.9, 0.999, 1e-8, 0.01))
