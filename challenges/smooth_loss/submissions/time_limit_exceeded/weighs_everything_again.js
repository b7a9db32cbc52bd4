// the sum over all earlier losses, weighted by how long ago they were
function smoothLoss(losses, beta) {
  return losses.map((_, t) => {
    let sum = 0;
    let weights = 0;
    for (let k = 0; k <= t; k++) {
      const weight = Math.pow(beta, t - k);
      sum += weight * losses[k];
      weights += weight;
    }
    return sum / weights;
  });
}
