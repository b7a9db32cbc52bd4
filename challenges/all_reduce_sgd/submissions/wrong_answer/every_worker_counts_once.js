const average = (values) => values.reduce((a, b) => a + b, 0) / values.length;

module.exports.allReduceSGD = function (shards, w, lr, steps) {
  const busy = shards.filter((shard) => shard.length > 0);
  if (busy.length === 0) return w;
  for (let i = 0; i < steps; i++) {
    const gradients = busy.map((shard) => average(shard.map((p) => 2 * (w * p.x - p.y) * p.x)));
    w -= lr * average(gradients);
  }
  return w;
};
