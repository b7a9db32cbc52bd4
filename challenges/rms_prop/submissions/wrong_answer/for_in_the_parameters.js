function rmsProp(params, grads, lr, decay, eps) {
  const result = {};
  for (const i in params) {
    let s = 0;
    result[i] = params[i];
    for (const step of grads) {
      s = decay * s + (1 - decay) * step[i] ** 2;
      result[i] -= (lr * step[i]) / (Math.sqrt(s) + eps);
    }
  }
  return result;
}
