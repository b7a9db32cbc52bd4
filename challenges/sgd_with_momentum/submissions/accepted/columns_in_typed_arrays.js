// x and y as two columns, that is easier to index
function sgdWithMomentum(data, lr, beta, epochs) {
  var n = data.length;
  var xs = new Float64Array(n);
  var ys = new Float64Array(n);
  for (var i = 0; i < n; i++) {
    xs[i] = data[i].x;
    ys[i] = data[i].y;
  }
  var w = 0, v = 0;
  for (var step = 0; step < n * epochs; step++) {
    i = step % n;
    v = beta * v + 2 * xs[i] * (w * xs[i] - ys[i]);
    w -= lr * v;
  }
  return w;
}
