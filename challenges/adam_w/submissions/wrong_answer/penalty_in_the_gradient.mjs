const lerp = (from, to, share) => from * share + to * (1 - share);

export function adamW(params, grads, lr, beta1, beta2, eps, weightDecay) {
  let state = params.map((p) => ({ p, m: 0, v: 0 }));
  grads.forEach((gradient, k) => {
    const t = k + 1;
    state = state.map(({ p, m, v }, i) => {
      const g = gradient[i] + weightDecay * p; // weight decay
      const newM = lerp(m, g, beta1);
      const newV = lerp(v, g * g, beta2);
      const root = Math.sqrt(newV / (1 - beta2 ** t));
      return { p: p - (lr * newM) / (1 - beta1 ** t) / (root + eps), m: newM, v: newV };
    });
  });
  return state.map(({ p }) => p);
}
