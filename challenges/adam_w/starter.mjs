/**
 * Runs AdamW over known gradients and returns the final parameters.
 *
 * @param {number[]} params - the parameters at the start
 * @param {number[][]} grads - the gradients of each step, as many as there are params
 * @param {number} lr - learning rate
 * @param {number} beta1 - factor of the first moment
 * @param {number} beta2 - factor of the second moment
 * @param {number} eps - the number added to the root in the denominator
 * @param {number} weightDecay - the decoupled weight decay
 * @returns {number[]}
 */
export function adamW(params, grads, lr, beta1, beta2, eps, weightDecay) {
  // Start with a copy: params has to stay as it is.
  // Keep a first and a second moment for every parameter, both 0 at the start.
  // For each step t = 1, 2, ..., for each parameter: decay, moments, correction, step.
}
