// d/dw of (w*x - y)^2 / 2, so the 2 cancels
module.exports = function (data, lr, beta, epochs) {
  let w = 0;
  let v = 0;
  for (let e = 0; e < epochs; e++) {
    for (const p of data) {
      const grad = (w * p.x - p.y) * p.x;
      v = beta * v + grad;
      w -= lr * v;
    }
  }
  return w;
};
