function softmax(h) {
  const m = Math.max.apply(null, h);
  const e = h.map((x) => Math.exp(x - m));
  const s = e.reduce((a, b) => a + b, 0);
  return e.map((x) => x / s);
}

const learn = (h, [arm, ...arms], [reward, ...rewards], lr, rate, baseline = 0) => {
  if (arm === undefined) return h;
  const p = softmax(h);
  const step = lr * (reward - baseline);
  const next = h.map((x, a) => x + step * ((a === arm) - p[a]));
  return learn(next, arms, rewards, lr, rate, baseline + rate * (reward - baseline));
};

const policy_gradient = (preferences, actions, rewards, lr, baselineRate) =>
  learn(preferences.slice(), actions, rewards, lr, baselineRate);
