// an average that is weighted by size is the average over all points
function all_reduce_sgd(shards, w, lr, steps) {
  const points = [].concat(...shards);
  if (!points.length) {
    return w;
  }
  for (; steps > 0; steps--) {
    let total = 0;
    for (const point of points) total += (w * point.x - point.y) * point.x;
    w -= (2 * lr * total) / points.length;
  }
  return w;
}
