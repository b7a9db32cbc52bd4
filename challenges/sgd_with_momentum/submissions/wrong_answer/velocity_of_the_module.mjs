let velocity = 0;

export function sgdWithMomentum(data, lr, beta, epochs) {
  let w = 0;
  for (let epoch = 0; epoch < epochs; epoch++) {
    for (const sample of data) {
      velocity = beta * velocity + 2 * (w * sample.x - sample.y) * sample.x;
      w -= lr * velocity;
    }
  }
  return w;
}
