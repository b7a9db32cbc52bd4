import math


def policyGradient(preferences, actions, rewards, lr, baselineRate):
    h = []
    for p in preferences:
        h.append(p)
    baseline = 0
    for t in range(len(actions)):
        biggest = h[0]
        for v in h:
            if v > biggest:
                biggest = v
        exps = []
        for v in h:
            exps.append(math.exp(v - biggest))
        s = 0
        for e in exps:
            s += e
        adv = rewards[t] - baseline
        for a in range(len(h)):
            prob = exps[a] / s
            if a == actions[t]:
                h[a] += lr * adv * (1 - prob)
            else:
                h[a] -= lr * adv * prob
        baseline += baselineRate * (rewards[t] - baseline)
    return h


if __name__ == "__main__":
    print(policyGradient([0, 0], [1, 1, 0], [1, 2, 0], 0.5, 0.1))
