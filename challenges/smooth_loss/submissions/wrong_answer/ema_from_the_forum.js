const smoothLoss = (losses, beta) => {
  let ema = 0;
  return losses.map((loss) => (ema = beta * ema + (1 - beta) * loss));
};
