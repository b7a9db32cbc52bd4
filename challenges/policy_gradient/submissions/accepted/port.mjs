export function policyGradient(preferences, actions, rewards, lr, baselineRate) {
  let current = [...preferences];
  let baseline = 0;
  for (const [pull, action] of actions.entries()) {
    const reward = rewards[pull];
    const highest = Math.max(...current);
    const weights = current.map((preference) => Math.exp(preference - highest));
    const total = weights.reduce((sum, weight) => sum + weight, 0);
    const advantage = reward - baseline;
    current = current.map((preference, arm) => {
      const pulled = arm === action ? 1 : 0;
      return preference + lr * advantage * (pulled - weights[arm] / total);
    });
    baseline = baseline + baselineRate * (reward - baseline);
  }
  return current;
}
