function trainAlone(shard, w, lr, steps) {
  for (let step = 0; step < steps; step++) {
    let gradient = 0;
    for (const { x, y } of shard) {
      gradient += (2 * (w * x - y) * x) / shard.length;
    }
    w -= lr * gradient;
  }
  return w;
}

export function allReduceSGD(shards, w, lr, steps) {
  const total = shards.flat().length;
  if (total === 0) return w;
  return shards
    .map((shard) => (trainAlone(shard, w, lr, steps) * shard.length) / total)
    .reduce((a, b) => a + b);
}
