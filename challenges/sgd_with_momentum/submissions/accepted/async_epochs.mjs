async function oneEpoch(state, data, lr, beta) {
  let { w, velocity } = state;
  for await (const sample of data) {
    velocity = beta * velocity + 2 * (w * sample.x - sample.y) * sample.x;
    w -= lr * velocity;
  }
  return { w, velocity };
}

export default async function sgdWithMomentum(data, lr, beta, epochs) {
  let state = { w: 0, velocity: 0 };
  for (let epoch = 1; epoch <= epochs; epoch++) {
    state = await oneEpoch(state, data, lr, beta);
  }
  return state.w;
}
