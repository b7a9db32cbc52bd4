let ready = false;

export async function allReduceSGD(shards, w, lr, steps) {
  const points = shards.flat();
  setTimeout(() => { ready = true; }, 0);
  while (!ready) {
    // spins, so the timer never gets its turn
  }
  for (let step = 0; step < steps && points.length > 0; step++) {
    const total = points.reduce((sum, { x, y }) => sum + 2 * (w * x - y) * x, 0);
    w -= (lr * total) / points.length;
  }
  return w;
}
