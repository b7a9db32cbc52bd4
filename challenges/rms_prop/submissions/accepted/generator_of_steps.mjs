function* steps(params, grads, { lr, decay, eps }) {
  let p = params;
  let s = new Array(params.length).fill(0);
  yield p;
  for (const gradient of grads) {
    s = s.map((mean, i) => mean + (1 - decay) * (gradient[i] ** 2 - mean));
    p = p.map((x, i) => x - lr * (gradient[i] / (Math.sqrt(s[i]) + eps)));
    yield p;
  }
}

const rmsProp = (params, grads, lr, decay, eps) =>
  Array.from(steps(params, grads, { lr, decay, eps })).at(-1);

export default rmsProp;
