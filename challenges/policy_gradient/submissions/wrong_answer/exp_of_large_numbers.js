function policyGradient(preferences, actions, rewards, lr, baselineRate) {
  let h = preferences;
  let baseline = 0;
  actions.forEach((action, i) => {
    const e = h.map(Math.exp);
    const sum = e.reduce((a, b) => a + b);
    const p = e.map((x) => x / sum);
    h = h.map((x, a) => x + lr * (rewards[i] - baseline) * ((a === action ? 1 : 0) - p[a]));
    baseline += baselineRate * (rewards[i] - baseline);
  });
  return h;
}
