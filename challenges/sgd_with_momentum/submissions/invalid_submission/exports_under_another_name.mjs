export function train(data, lr, beta, epochs) {
  let w = 0;
  let velocity = 0;
  for (let epoch = 0; epoch < epochs; epoch++) {
    for (const { x, y } of data) {
      velocity = beta * velocity + 2 * (w * x - y) * x;
      w -= lr * velocity;
    }
  }
  return w;
}
