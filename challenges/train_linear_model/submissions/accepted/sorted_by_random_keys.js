const shuffled = (data) =>
  data
    .map((sample) => ({ sample, key: Math.random() }))
    .sort((a, b) => a.key - b.key)
    .map(({ sample }) => sample);

const chunks = (array, size) =>
  Array.from({ length: Math.ceil(array.length / size) }, (_, i) =>
    array.slice(i * size, (i + 1) * size));

const mean = (numbers) => numbers.reduce((a, b) => a + b, 0) / numbers.length;

const step = (lr) => ({ weight, bias }, batch) => {
  const errors = batch.map(({ x, y }) => weight * x + bias - y);
  return {
    weight: weight - 2 * lr * mean(errors.map((error, i) => error * batch[i].x)),
    bias: bias - 2 * lr * mean(errors),
  };
};

const trainLinearModel = (data, lr, epochs, batchSize) => {
  let model = { weight: 0, bias: 0 };
  for (let epoch = 0; epoch < epochs; epoch++) {
    model = chunks(shuffled(data), batchSize).reduce(step(lr), model);
  }
  return model;
};
