import math


class GradientBandit:
    def __init__(self, preferences, lr, rate):
        self.preferences = list(preferences)
        self.lr = lr
        self.rate = rate
        self.baseline = 0.0

    @property
    def policy(self):
        top = max(self.preferences)
        exps = [math.exp(h - top) for h in self.preferences]
        total = math.fsum(exps)
        return [e / total for e in exps]

    def learn(self, action, reward):
        policy = self.policy
        advantage = reward - self.baseline
        for arm, p in enumerate(policy):
            gradient = (arm == action) - p
            self.preferences[arm] += self.lr * advantage * gradient
        self.baseline += self.rate * advantage


def policyGradient(preferences, actions, rewards, lr, baselineRate):
    bandit = GradientBandit(preferences, lr, baselineRate)
    for action, reward in zip(actions, rewards):
        bandit.learn(action, reward)
    return bandit.preferences
