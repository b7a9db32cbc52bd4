// nothing is mixed, so every coordinate can be finished before the next
const descend = (start, slopes, lr, beta) => {
  let v = 0;
  let x = start;
  for (const g of slopes) {
    v = beta * v + g;
    x -= lr * (g + beta * v);
  }
  return x;
};

const nesterovMomentum = (w, gradients, lr, beta) =>
  w.map((start, i) => descend(start, gradients.map((row) => row[i]), lr, beta));
