function shuffle(list) {
  const copy = [];
  for (const item of list) {
    copy.splice(Math.floor(Math.random() * (copy.length + 1)), 0, item);
  }
  return copy;
}

module.exports = function trainLinearModel(data, lr, epochs, batchSize) {
  const model = { weight: 0, bias: 0 };
  for (let epoch = 0; epoch < epochs; epoch++) {
    const order = shuffle(data);
    while (order.length) {
      const batch = order.splice(0, batchSize);
      const errors = batch.map((s) => model.weight * s.x + model.bias - s.y);
      const dw = errors.reduce((sum, error, i) => sum + error * batch[i].x, 0) / batch.length;
      const db = errors.reduce((sum, error) => sum + error, 0) / batch.length;
      model.weight -= lr * dw;
      model.bias -= lr * db;
    }
  }
  return model;
};
