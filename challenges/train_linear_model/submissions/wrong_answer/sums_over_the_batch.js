function trainLinearModel(data, lr, epochs, batchSize) {
  let weight = 0;
  let bias = 0;
  for (let e = 0; e < epochs; e++) {
    const samples = data.slice().sort(() => Math.random() - 0.5);
    for (let i = 0; i < samples.length; i += batchSize) {
      let dw = 0;
      let db = 0;
      samples.slice(i, i + batchSize).forEach(({ x, y }) => {
        const error = weight * x + bias - y;
        dw += 2 * error * x;
        db += 2 * error;
      });
      weight -= lr * dw;
      bias -= lr * db;
    }
  }
  return { weight, bias };
}
