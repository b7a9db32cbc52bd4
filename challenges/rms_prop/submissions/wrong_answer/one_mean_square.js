class RMSProp {
  meanSquare = 0;

  constructor(lr, decay, eps) {
    Object.assign(this, { lr, decay, eps });
  }

  update(p, g) {
    this.meanSquare = this.decay * this.meanSquare + (1 - this.decay) * g * g;
    return p - (this.lr * g) / (Math.sqrt(this.meanSquare) + this.eps);
  }
}

module.exports = (params, grads, lr, decay, eps) => {
  const optimizer = new RMSProp(lr, decay, eps);
  let p = params;
  for (const g of grads) {
    p = p.map((x, i) => optimizer.update(x, g[i]));
  }
  return p;
};
