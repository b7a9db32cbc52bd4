class AdamW:
    """Looks like the one in torch, for one flat list of numbers."""

    def __init__(self, params, lr, betas, eps, weight_decay):
        self.params = list(params)
        self.lr = lr
        self.beta1, self.beta2 = betas
        self.eps = eps
        self.weight_decay = weight_decay
        self.state = [{"step": 0, "exp_avg": 0.0, "exp_avg_sq": 0.0} for _ in self.params]

    def step(self, grads):
        for i, (grad, state) in enumerate(zip(grads, self.state)):
            state["step"] += 1
            self.params[i] *= 1 - self.lr * self.weight_decay
            state["exp_avg"] += (grad - state["exp_avg"]) * (1 - self.beta1)
            state["exp_avg_sq"] = self.beta2 * state["exp_avg_sq"] + (1 - self.beta2) * grad * grad
            bias1 = 1 - self.beta1 ** state["step"]
            bias2 = 1 - self.beta2 ** state["step"]
            denom = state["exp_avg_sq"] ** 0.5 / bias2**0.5 + self.eps
            self.params[i] -= self.lr / bias1 * state["exp_avg"] / denom


def adamW(params, grads, lr, beta1, beta2, eps, weightDecay):
    optimizer = AdamW(params, lr, (beta1, beta2), eps, weightDecay)
    for g in grads:
        optimizer.step(g)
    return optimizer.params
