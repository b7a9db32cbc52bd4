class Worker {
  constructor(shard) {
    this.shard = shard;
  }

  async gradientSum(w) {
    await null; // the others get their turn
    return this.shard.reduce((sum, { x, y }) => sum + 2 * x * (w * x - y), 0);
  }
}

export const allReduceSGD = async (shards, w, lr, steps) => {
  const workers = shards.map((shard) => new Worker(shard));
  const points = shards.reduce((count, { length }) => count + length, 0);
  if (points === 0) return w;
  let weight = w;
  for (let step = 0; step < steps; step++) {
    const sums = await Promise.all(workers.map((worker) => worker.gradientSum(weight)));
    weight -= (lr * sums.reduce((a, b) => a + b, 0)) / points;
  }
  return weight;
};
