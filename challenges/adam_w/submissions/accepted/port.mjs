export function adamW(params, grads, lr, beta1, beta2, eps, weightDecay) {
  const p = [...params];
  const m = p.map(() => 0);
  const v = p.map(() => 0);
  grads.forEach((gradient, index) => {
    const t = index + 1;
    gradient.forEach((g, i) => {
      p[i] = p[i] - lr * weightDecay * p[i];
      m[i] = beta1 * m[i] + (1 - beta1) * g;
      v[i] = beta2 * v[i] + (1 - beta2) * g * g;
      const mhat = m[i] / (1 - beta1 ** t);
      const vhat = v[i] / (1 - beta2 ** t);
      p[i] = p[i] - (lr * mhat) / (Math.sqrt(vhat) + eps);
    });
  });
  return p;
}
