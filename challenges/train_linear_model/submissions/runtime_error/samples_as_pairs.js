function trainLinearModel(data, lr, epochs, batchSize) {
  let weight = 0, bias = 0;
  for (let epoch = 0; epoch < epochs; epoch++) {
    const order = [...data].sort(() => Math.random() - 0.5);
    for (let i = 0; i < order.length; i += batchSize) {
      const batch = order.slice(i, i + batchSize);
      let dw = 0, db = 0;
      for (const [x, y] of batch) {
        const error = weight * x + bias - y;
        dw += (2 * error * x) / batch.length;
        db += (2 * error) / batch.length;
      }
      weight -= lr * dw;
      bias -= lr * db;
    }
  }
  return { weight, bias };
}
