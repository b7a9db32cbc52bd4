function trainOne(p, column, lr, b1, b2, eps, wd) {
  var m = 0, v = 0, p1 = 1, p2 = 1;
  for (var k = 0; k < column.length; k++) {
    var g = column[k];
    p1 *= b1;
    p2 *= b2;
    p -= lr * wd * p;
    m = b1 * m + (1 - b1) * g;
    v = b2 * v + (1 - b2) * g * g;
    p -= lr * (m / (1 - p1)) / (Math.sqrt(v / (1 - p2)) + eps);
  }
  return p;
}

module.exports.adam_w = function (params, grads, ...settings) {
  return params.map((p, i) => trainOne(p, grads.map((step) => step[i]), ...settings));
};
