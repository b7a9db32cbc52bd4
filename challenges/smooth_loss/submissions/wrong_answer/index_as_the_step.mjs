export function smoothLoss(losses, beta) {
  let average = 0;
  return losses.map((loss, i) => {
    average = beta * average + (1 - beta) * loss;
    const t = i || 1; // 0 would divide by zero
    return average / (1 - beta ** t);
  });
}
