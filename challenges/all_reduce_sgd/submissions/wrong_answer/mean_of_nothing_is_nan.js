const mean = (xs) => xs.reduce((a, b) => a + b, 0) / xs.length;

const allReduceSGD = (shards, w, lr, steps) => {
  const total = shards.flat().length;
  for (let k = 0; k < steps; k++) {
    let reduced = 0;
    for (const shard of shards) {
      const gradient = mean(shard.map(({ x, y }) => 2 * (w * x - y) * x));
      reduced += gradient * (shard.length / total);
    }
    w -= lr * reduced;
  }
  return w;
};
