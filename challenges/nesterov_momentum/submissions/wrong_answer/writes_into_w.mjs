export default (w, gradients, lr, beta) => {
  const velocity = w.map(() => 0);
  for (const gradient of gradients) {
    gradient.forEach((g, i) => {
      velocity[i] = beta * velocity[i] + g;
      w[i] -= lr * (g + beta * velocity[i]);
    });
  }
  return w;
};
