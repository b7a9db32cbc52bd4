const adamW = (params, grads, lr, beta1, beta2, eps, weightDecay) => {
  let m, v; // filled in the first step
  let p = params;
  grads.forEach((gradient, k) => {
    const t = k + 1;
    m = gradient.map((g, i) => beta1 * m[i] + (1 - beta1) * g);
    v = gradient.map((g, i) => beta2 * v[i] + (1 - beta2) * g * g);
    p = p.map((x, i) => {
      const root = Math.sqrt(v[i] / (1 - beta2 ** t));
      return x - lr * weightDecay * x - (lr * m[i]) / (1 - beta1 ** t) / (root + eps);
    });
  });
  return p;
};
