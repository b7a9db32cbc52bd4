const step = (lr, beta) => ([w, v], { x, y }) => {
  const next = beta * v + 2 * (w * x - y) * x;
  return [w - lr * next, next];
};

const sgdWithMomentum = (data, lr, beta, epochs) =>
  Array.from({ length: epochs }, () => data)
    .flat()
    .reduce(step(lr, beta), [0, 0])[0];
