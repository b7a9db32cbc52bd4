exports.nesterovMomentum = (w, gradients, lr, beta) => {
  let weights = w.slice();
  let velocity = w.map(() => 0);
  for (const g of gradients) {
    velocity = velocity.map((v, i) => beta * v + g[i]);
    weights = weights.map((x, i) => x - lr * velocity[i]);
  }
  return weights;
};
