/** y += a * x, as in BLAS */
function axpy(a, x, y) {
  for (let i = 0; i < y.length; i++) {
    y[i] += a * x[i];
  }
}

export function nesterovMomentum(w, gradients, lr, beta) {
  const position = Float64Array.from(w);
  const velocity = new Float64Array(w.length);
  gradients.forEach((row) => {
    velocity.forEach((v, i) => { velocity[i] = beta * v; });
    axpy(1, row, velocity);
    axpy(-lr, row, position);
    axpy(-lr * beta, velocity, position);
  });
  return position;
}
