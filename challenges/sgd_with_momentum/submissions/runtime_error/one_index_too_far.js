function sgdWithMomentum(data, lr, beta, epochs) {
  let w = 0;
  let velocity = 0;
  for (let epoch = 0; epoch < epochs; epoch++) {
    for (let i = 0; i <= data.length; i++) {
      const gradient = 2 * (w * data[i].x - data[i].y) * data[i].x;
      velocity = beta * velocity + gradient;
      w = w - lr * velocity;
    }
  }
  return w;
}
