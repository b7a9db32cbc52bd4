const adamW = (params, grads, lr, beta1, beta2, eps, weightDecay) => {
  const p = params.slice();
  const m = p.map(() => 0);
  const v = p.map(() => 0);
  let t = 0;
  for (const gradient of grads) {
    t++;
    for (const [i, g] of gradient.entries()) {
      p[i] *= 1 - lr * weightDecay;
      m[i] = beta1 * m[i] + (1 - beta1) * g;
      v[i] = beta2 * v[i] + (1 - beta2) * g ** 2;
      p[i] -= lr * (m[i] / (1 - beta1 ** t)) / Math.sqrt(v[i] / (1 - beta2 ** t) + eps);
    }
  }
  return p;
};
