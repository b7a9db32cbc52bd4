class LinearModel {
  weight = 0;
  bias = 0;

  predict(x) {
    return this.weight * x + this.bias;
  }

  train(batch, lr) {
    let slope = 0;
    let shift = 0;
    for (const { x, y } of batch) {
      const error = this.predict(x) - y;
      slope += error * x;
      shift += error;
    }
    this.weight -= (lr * 2 * slope) / batch.length;
    this.bias -= (lr * 2 * shift) / batch.length;
  }
}

function* batches(data, size) {
  const left = data.slice();
  while (left.length > 0) {
    const batch = [];
    while (batch.length < size && left.length > 0) {
      const pick = Math.floor(Math.random() * left.length);
      batch.push(...left.splice(pick, 1));
    }
    yield batch;
  }
}

export function train_linear_model(data, lr, epochs, batchSize) {
  const model = new LinearModel();
  for (let epoch = 0; epoch < epochs; epoch++) {
    for (const batch of batches(data, batchSize)) {
      model.train(batch, lr);
    }
  }
  const { weight, bias } = model;
  return { weight, bias };
}
