function sum(row) {
  return row.reduce((total, number) => total + number, 0);
}

function nesterovMomentum(w, gradients, lr, beta) {
  let velocity = 0;
  let weights = w;
  gradients.forEach(function (gradient) {
    velocity = beta * velocity + sum(gradient);
    weights = weights.map((x, i) => x - lr * (gradient[i] + beta * velocity));
  });
  return weights;
}
