const randomOrder = (n) => {
  const order = [...Array(n).keys()];
  for (let i = n - 1; i > 0; i--) {
    const j = (Math.random() * (i + 1)) | 0;
    const kept = order[i];
    order[i] = order[j];
    order[j] = kept;
  }
  return order;
};

export default (data, lr, epochs, batchSize) => {
  let [weight, bias] = [0, 0];
  const batchCount = Math.floor(data.length / batchSize);
  for (let epoch = 0; epoch < epochs; epoch++) {
    const order = randomOrder(data.length);
    for (let b = 0; b < batchCount; b++) {
      let [dw, db] = [0, 0];
      for (const i of order.slice(b * batchSize, (b + 1) * batchSize)) {
        const error = weight * data[i].x + bias - data[i].y;
        dw += (2 * error * data[i].x) / batchSize;
        db += (2 * error) / batchSize;
      }
      weight -= lr * dw;
      bias -= lr * db;
    }
  }
  return { weight, bias };
};
