/**
 * Trains a softmax policy over the arms of a bandit by REINFORCE, and returns its preferences.
 *
 * @param {number[]} preferences - one for each arm, from which the training starts
 * @param {number[]} actions - which arm was pulled each time, counted from 0
 * @param {number[]} rewards - what each pull paid
 * @param {number} lr - learning rate
 * @param {number} baselineRate - how fast the baseline follows the rewards
 * @returns {number[]}
 */
export function policyGradient(preferences, actions, rewards, lr, baselineRate) {
  // Start with baseline = 0.
  // For each pull, in order:
  //   probabilities, a softmax of the preferences (which may be large),
  //   advantage, from the reward and the baseline,
  //   the preferences of all arms,
  //   the baseline.
}
