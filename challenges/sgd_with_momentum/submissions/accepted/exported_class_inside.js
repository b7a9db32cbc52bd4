class Momentum {
  constructor(lr, beta) {
    this.lr = lr;
    this.beta = beta;
    this.velocity = 0;
  }

  step(weight, gradient) {
    this.velocity = this.beta * this.velocity + gradient;
    return weight - this.lr * this.velocity;
  }
}

function sgdWithMomentum(data, lr, beta, epochs) {
  const optimizer = new Momentum(lr, beta);
  let weight = 0;
  while (epochs-- > 0) {
    data.forEach((point) => {
      const error = weight * point.x - point.y;
      weight = optimizer.step(weight, 2 * error * point.x);
    });
  }
  return weight;
}

module.exports = { sgdWithMomentum };
