exports.smooth_loss = function (losses, beta) {
  const out = new Float64Array(losses.length);
  for (let t = 1, ema = 0; t <= losses.length; ++t) {
    ema = beta * ema + (1 - beta) * losses[t - 1];
    out[t - 1] = ema / (1 - Math.pow(beta, t));
  }
  return out;
};
