export function rms_prop(params, grads, lr, decay, eps) {
  const p = [...params];
  const s = Array(p.length).fill(0);
  for (const step of grads) {
    step.forEach((g, i) => {
      s[i] = decay * s[i] + (1 - decay) * g * g;
      p[i] -= (lr * g) / Math.sqrt(s[i] + eps); // never the root of 0
    });
  }
  return p;
}
