exports.rmsProp = function rmsProp(params, grads, lr, decay, eps) {
  const p = Float64Array.from(params);
  const s = new Float64Array(p.length);
  grads.forEach((g, step) => {
    for (let i = 0; i < p.length; i++) {
      s[i] = decay * s[i] + (1 - decay) * g[i] * g[i];
      p[i] -= (lr * g[i]) / (Math.sqrt(s[i]) + eps);
    }
    console.log(`step ${step}:`, 'p =', p.join(' '), 's =', s.join(' '));
  });
  return p;
};
