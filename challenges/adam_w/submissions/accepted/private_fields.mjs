class AdamW {
  #t = 0;
  #m;
  #v;

  constructor(size, options) {
    this.options = options;
    this.#m = new Float64Array(size);
    this.#v = new Float64Array(size);
  }

  step(params, gradient) {
    const { lr, beta1, beta2, eps, weightDecay } = this.options;
    this.#t += 1;
    return params.map((param, i) => {
      const g = gradient[i];
      this.#m[i] += (1 - beta1) * (g - this.#m[i]);
      this.#v[i] += (1 - beta2) * (g * g - this.#v[i]);
      const mean = this.#m[i] / (1 - beta1 ** this.#t);
      const size = Math.sqrt(this.#v[i] / (1 - beta2 ** this.#t));
      return param * (1 - lr * weightDecay) - (lr * mean) / (size + eps);
    });
  }
}

export function adamW(params, grads, lr, beta1, beta2, eps, weightDecay) {
  const optimizer = new AdamW(params.length, { lr, beta1, beta2, eps, weightDecay });
  return grads.reduce((current, gradient) => optimizer.step(current, gradient), params);
}
