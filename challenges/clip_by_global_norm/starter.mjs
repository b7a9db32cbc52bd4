/**
 * Scales all gradients together where their global norm is larger than maxNorm.
 *
 * @param {Array[]} gradients - nested arrays of numbers, of any shapes
 * @param {number} maxNorm - the largest norm that is allowed; a RangeError if it is negative
 * @returns {Array[]}
 */
export function clipByGlobalNorm(gradients, maxNorm) {
  // The global norm takes the numbers of all arrays together, however deep they are nested.
  // Return an array of arrays of the same shapes. Leave the arguments as they are.
}
