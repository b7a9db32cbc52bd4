export default function policyGradient(preferences, actions, rewards, lr, baselineRate) {
  let baseline = 0;
  actions.forEach((action, i) => {
    const max = Math.max(...preferences);
    const exps = preferences.map((h) => Math.exp(h - max));
    const sum = exps.reduce((a, b) => a + b, 0);
    const advantage = rewards[i] - baseline;
    exps.forEach((e, arm) => {
      preferences[arm] += lr * advantage * ((arm === action ? 1 : 0) - e / sum);
    });
    baseline += baselineRate * advantage;
  });
  return preferences;
}
