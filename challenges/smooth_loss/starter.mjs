/**
 * Smooths a loss curve by an exponential moving average and returns the smoothed curve.
 *
 * @param {number[]} losses - one number for each step
 * @param {number} beta - how much of the past to keep, at least 0 and below 1
 * @returns {number[]}
 */
export function smoothLoss(losses, beta) {
  // Start with an average of 0.
  // For each loss in order: update the average, then correct it for its start at 0.
}
