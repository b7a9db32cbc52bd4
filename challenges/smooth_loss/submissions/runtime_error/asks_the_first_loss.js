function smoothLoss(losses, beta) {
  const digits = losses[0].toString().length;
  console.log('first loss has', digits, 'characters');
  let average = 0;
  const result = [];
  for (let t = 1; t <= losses.length; t++) {
    average = beta * average + (1 - beta) * losses[t - 1];
    result.push(average / (1 - beta ** t));
  }
  return result;
}
