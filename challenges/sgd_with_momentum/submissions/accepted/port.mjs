export function sgdWithMomentum(data, lr, beta, epochs) {
  let w = 0;
  let velocity = 0;
  for (let epoch = 0; epoch < epochs; epoch++) {
    for (const { x, y } of data) {
      const gradient = 2 * (w * x - y) * x;
      velocity = beta * velocity + gradient;
      w = w - lr * velocity;
    }
  }
  return w;
}
