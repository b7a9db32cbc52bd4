function shuffle(array) {
  for (let i = array.length - 1; i > 0; i--) {
    const j = Math.floor(Math.random() * (i + 1));
    [array[i], array[j]] = [array[j], array[i]];
  }
}

export function trainLinearModel(data, lr, epochs, batchSize) {
  let weight = 0;
  let bias = 0;
  for (let epoch = 0; epoch < epochs; epoch++) {
    const shuffled = [...data];
    shuffle(shuffled);
    for (let start = 0; start < shuffled.length; start += batchSize) {
      const batch = shuffled.slice(start, start + batchSize);
      let weightGradient = 0;
      let biasGradient = 0;
      for (const { x, y } of batch) {
        const error = weight * x + bias - y;
        weightGradient += 2 * error * x;
        biasGradient += 2 * error;
      }
      weight = weight - (lr * weightGradient) / batch.length;
      bias = bias - (lr * biasGradient) / batch.length;
    }
  }
  return { weight, bias };
}
