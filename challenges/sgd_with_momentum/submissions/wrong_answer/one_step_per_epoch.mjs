const mean = (numbers) => numbers.reduce((a, b) => a + b, 0) / numbers.length;

export const sgdWithMomentum = (data, lr, beta, epochs) => {
  if (data.length === 0) return 0;
  let w = 0;
  let velocity = 0;
  for (let epoch = 0; epoch < epochs; epoch += 1) {
    const gradients = data.map(({ x, y }) => 2 * (w * x - y) * x);
    velocity = beta * velocity + mean(gradients);
    w -= lr * velocity;
  }
  return w;
};
