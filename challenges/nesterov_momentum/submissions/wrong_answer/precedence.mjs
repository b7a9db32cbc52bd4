export function nesterovMomentum(w, gradients, lr, beta) {
  const x = Array.from(w);
  const v = x.map(() => 0);
  for (const g of gradients) {
    for (const i of x.keys()) {
      v[i] = beta * v[i] + g[i];
      x[i] = x[i] - lr * g[i] + beta * v[i];
    }
  }
  return x;
}
