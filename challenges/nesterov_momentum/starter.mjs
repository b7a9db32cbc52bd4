/**
 * Takes one step of Nesterov's momentum for each row of gradients; returns the final weights.
 *
 * @param {number[]} w - the weights at the start
 * @param {number[][]} gradients - one gradient for each step, as long as w
 * @param {number} lr - learning rate
 * @param {number} beta - momentum factor
 * @returns {number[]}
 */
export function nesterovMomentum(w, gradients, lr, beta) {
  // Start with a velocity of zeros, as long as w.
  // For each row of gradients in order: velocity, then w. Leave the arguments as they are.
}
