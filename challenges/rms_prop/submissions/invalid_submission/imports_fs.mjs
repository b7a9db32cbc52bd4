import { appendFileSync } from 'fs';

export function rmsProp(params, grads, lr, decay, eps) {
  const p = [...params];
  const s = p.map(() => 0);
  for (const step of grads) {
    step.forEach((g, i) => {
      s[i] = decay * s[i] + (1 - decay) * g * g;
      p[i] -= (lr * g) / (Math.sqrt(s[i]) + eps);
    });
    appendFileSync('log.txt', p.join(' ') + '\n');
  }
  return p;
}
