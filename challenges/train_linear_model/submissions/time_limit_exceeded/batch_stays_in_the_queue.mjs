export function trainLinearModel(data, lr, epochs, batchSize) {
  let weight = 0;
  let bias = 0;
  for (let epoch = 0; epoch < epochs; epoch++) {
    const queue = data.toSorted(() => Math.random() - 0.5);
    while (queue.length > 0) {
      const batch = queue.slice(0, batchSize); // splice would have taken them out
      let dw = 0;
      let db = 0;
      for (const { x, y } of batch) {
        const error = weight * x + bias - y;
        dw += 2 * error * x;
        db += 2 * error;
      }
      weight -= (lr * dw) / batch.length;
      bias -= (lr * db) / batch.length;
    }
  }
  return { weight, bias };
}
