/**
 * Returns the learning rate of an epoch; throws a RangeError if every is not positive.
 *
 * @param {number} epoch - number of the epoch, counted from 0
 * @param {number} baseLr - learning rate of the first epoch
 * @param {number} factor - what the rate is multiplied by at each drop
 * @param {number} every - number of epochs between two drops
 * @returns {number}
 */
export function stepDecay(epoch, baseLr, factor, every) {
  // How often has the rate dropped so far?
}
