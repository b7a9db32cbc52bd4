export function rmsProp(params, grads, lr, decay, eps) {
  const p = [...params];
  const s = p.map(() => 0);
  for (const step of grads) {
    for (const [i, g] of step.entries()) {
      s[i] = decay * s[i] + (1 - decay) * g * g;
      p[i] = p[i] - (lr * g) / (Math.sqrt(s[i]) + eps);
    }
  }
  return p;
}
