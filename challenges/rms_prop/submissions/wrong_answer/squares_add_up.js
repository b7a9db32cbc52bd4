// divides by all squares so far
const rmsProp = (params, grads, lr, decay, eps) => {
  const cache = params.map(() => 0);
  return grads.reduce(
    (p, gradient) =>
      p.map((x, i) => {
        cache[i] += gradient[i] ** 2;
        return x - (lr * gradient[i]) / (Math.sqrt(cache[i]) + eps);
      }),
    params,
  );
};
