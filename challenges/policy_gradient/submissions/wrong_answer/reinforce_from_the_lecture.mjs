// the baseline only lowers the variance, so it is not needed here
const softmax = (z) => {
  const max = Math.max(...z);
  const exps = z.map((x) => Math.exp(x - max));
  const total = exps.reduce((a, b) => a + b, 0);
  return exps.map((x) => x / total);
};

export const policyGradient = (preferences, actions, rewards, lr) =>
  actions.reduce((theta, action, t) => {
    const p = softmax(theta);
    return theta.map((x, a) => x + lr * rewards[t] * ((a === action ? 1 : 0) - p[a]));
  }, preferences);
