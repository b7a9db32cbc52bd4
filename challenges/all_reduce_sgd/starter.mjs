/**
 * Trains y = w*x on data that is spread over several workers, and returns the final w.
 *
 * @param {{x: number, y: number}[][]} shards - the points of each worker; any may be empty
 * @param {number} w - the weight that all replicas start from
 * @param {number} lr - learning rate
 * @param {number} steps - number of steps that all replicas take together
 * @returns {number}
 */
export function allReduceSGD(shards, w, lr, steps) {
  // For each step:
  //   every worker's mean gradient over its own shard, all at the same w,
  //   the mean of those gradients, weighted by the sizes of the shards,
  //   one step of w.
}
