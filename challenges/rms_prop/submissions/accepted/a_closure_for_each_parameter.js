function makeParameter(value, lr, decay, eps) {
  let meanSquare = 0;
  return function (gradient) {
    if (gradient !== undefined) {
      meanSquare = decay * meanSquare + (1 - decay) * gradient ** 2;
      value -= lr * gradient / (meanSquare ** 0.5 + eps);
    }
    return value;
  };
}

function rmsProp(params, grads, lr, decay, eps) {
  const parameters = params.map((p) => makeParameter(p, lr, decay, eps));
  for (const row of grads) {
    row.forEach((g, i) => parameters[i](g));
  }
  return parameters.map((parameter) => parameter());
}
