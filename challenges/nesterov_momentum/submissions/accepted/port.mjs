export function nesterovMomentum(w, gradients, lr, beta) {
  let velocity = w.map(() => 0);
  let weights = [...w];
  for (const gradient of gradients) {
    velocity = velocity.map((v, i) => beta * v + gradient[i]);
    weights = weights.map((weight, i) => weight - lr * (gradient[i] + beta * velocity[i]));
  }
  return weights;
}
