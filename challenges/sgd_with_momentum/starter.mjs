/**
 * Fits y = w*x by SGD with momentum, one sample at a time, and returns the final w.
 *
 * @param {{x: number, y: number}[]} data - the samples
 * @param {number} lr - learning rate
 * @param {number} beta - momentum factor
 * @param {number} epochs - number of passes over the data
 * @returns {number}
 */
export function sgdWithMomentum(data, lr, beta, epochs) {
  // Start with w = 0 and velocity = 0.
  // For each epoch, for each sample in order: gradient, velocity, w.
}
