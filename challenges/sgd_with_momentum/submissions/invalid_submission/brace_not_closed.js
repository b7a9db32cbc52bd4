function sgdWithMomentum(data, lr, beta, epochs) {
  let w = 0, v = 0;
  for (let e = 0; e < epochs; e++) {
    for (const s of data) {
      v = beta * v + 2 * (w * s.x - s.y) * s.x;
      w -= lr * v;
  }
  return w;
}
