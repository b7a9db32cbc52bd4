const sum = (numbers) => numbers.reduce((total, number) => total + number, 0);

export function allReduceSGD(shards, w, lr, steps) {
  const total = sum(shards.map((shard) => shard.length));
  for (let step = 0; step < steps; step++) {
    let reduced = 0;
    for (const shard of shards) {
      if (shard.length > 0) {
        const slopes = shard.map(({ x, y }) => 2 * (w * x - y) * x);
        const gradient = sum(slopes) / shard.length;
        reduced = reduced + (gradient * shard.length) / total;
      }
    }
    w = w - lr * reduced;
  }
  return w;
}
