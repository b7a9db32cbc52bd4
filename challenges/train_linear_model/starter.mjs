/**
 * Fits y = weight*x + bias by mini-batch gradient descent and returns both parameters.
 *
 * @param {{x: number, y: number}[]} data - the samples
 * @param {number} lr - learning rate
 * @param {number} epochs - number of passes over the data
 * @param {number} batchSize - samples in a batch; the last batch of an epoch may hold fewer
 * @returns {{weight: number, bias: number}}
 */
export function trainLinearModel(data, lr, epochs, batchSize) {
  // Start with weight = 0 and bias = 0.
  // For each epoch: shuffle a copy of the data, cut it into batches, move both parameters
  // once per batch.
  // Return { weight: ..., bias: ... }.
}
