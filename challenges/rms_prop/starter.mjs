/**
 * Moves params by one step of RMSProp for each entry of grads and returns the final params.
 *
 * @param {number[]} params - the parameters before the first step
 * @param {number[][]} grads - the gradients of each step, as many as there are params
 * @param {number} lr - learning rate
 * @param {number} decay - how much of the running mean of squares is kept in each step
 * @param {number} eps - added to the root of that mean
 * @returns {number[]}
 */
export function rmsProp(params, grads, lr, decay, eps) {
  // Every parameter has its own s, which starts at 0.
  // For each step, for each parameter: first s, then the parameter.
}
