class Bandit {
  baseline = 0;

  constructor(preferences, lr, rate) {
    this.h = Float64Array.from(preferences);
    this.lr = lr;
    this.rate = rate;
  }

  get policy() {
    const top = this.h.reduce((a, b) => Math.max(a, b), -Infinity);
    const e = this.h.map((x) => Math.exp(x - top));
    const z = e.reduce((a, b) => a + b);
    return e.map((x) => x / z);
  }

  learn(arm, reward) {
    const advantage = reward - this.baseline;
    this.policy.forEach((p, a) => {
      this.h[a] += this.lr * advantage * (Number(a === arm) - p);
    });
    this.baseline += this.rate * advantage;
  }
}

module.exports.policyGradient = function (preferences, actions, rewards, lr, baselineRate) {
  const bandit = new Bandit(preferences, lr, baselineRate);
  actions.forEach((arm, i) => bandit.learn(arm, rewards[i]));
  return bandit.h;
};
