export function* smoothLoss(losses, beta) {
  let average = 0;
  let t = 0;
  for (const loss of losses) {
    average = beta * average + (1 - beta) * loss;
    t += 1;
    yield average / (1 - beta ** t);
  }
}
