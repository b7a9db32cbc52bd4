exports.policyGradient = (preferences, actions, rewards, lr, baselineRate) => {
  const h = Array.from(preferences);
  let baseline = 0;
  for (let t = 0; t < actions.length; t++) {
    const top = Math.max(...h);
    const exps = h.map((x) => Math.exp(x - top));
    const total = exps.reduce((a, b) => a + b, 0);
    baseline += baselineRate * (rewards[t] - baseline);
    const advantage = rewards[t] - baseline;
    for (let a = 0; a < h.length; a++) {
      const indicator = a === actions[t] ? 1 : 0;
      h[a] += lr * advantage * (indicator - exps[a] / total);
    }
    console.log(`pull ${t}: arm ${actions[t]}, advantage ${advantage}`);
  }
  return h;
};
