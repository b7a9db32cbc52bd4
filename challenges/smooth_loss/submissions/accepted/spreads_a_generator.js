function* corrected(losses, beta) {
  let average = 0;
  let weight = 0; // all weights that were given out so far
  for (const loss of losses) {
    average = beta * average + (1 - beta) * loss;
    weight = beta * weight + (1 - beta);
    yield average / weight;
  }
}

function smoothLoss(losses, beta) {
  return [...corrected(losses, beta)];
}
