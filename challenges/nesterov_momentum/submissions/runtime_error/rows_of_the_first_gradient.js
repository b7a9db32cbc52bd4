function nesterovMomentum(w, gradients, lr, beta) {
  const size = gradients[0].length; // there may be no gradient at all
  const x = w.slice();
  const v = new Array(size).fill(0);
  for (const g of gradients) {
    for (let i = 0; i < size; i++) {
      v[i] = beta * v[i] + g[i];
      x[i] -= lr * (g[i] + beta * v[i]);
    }
  }
  return x;
}
