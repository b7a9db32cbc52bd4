const CALLS = 0;
CALLS += 1; // TypeError before anything is called

export function policyGradient(preferences, actions, rewards, lr, baselineRate) {
  return preferences;
}
