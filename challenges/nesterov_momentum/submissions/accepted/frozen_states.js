function nesterov_momentum(w, gradients, lr, beta) {
  const start = Object.freeze({ w, velocity: new Array(w.length).fill(0) });
  const end = gradients.reduce(({ w, velocity }, g) => {
    const next = velocity.map((v, i) => beta * v + g[i]);
    return Object.freeze({
      w: w.map((x, i) => x - lr * (g[i] + beta * next[i])),
      velocity: next,
    });
  }, start);
  return end.w;
}
