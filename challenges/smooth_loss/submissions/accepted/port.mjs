export function smoothLoss(losses, beta) {
  const smoothed = [];
  let average = 0;
  for (const [index, loss] of losses.entries()) {
    const t = index + 1;
    average = beta * average + (1 - beta) * loss;
    smoothed.push(average / (1 - beta ** t));
  }
  return smoothed;
}
