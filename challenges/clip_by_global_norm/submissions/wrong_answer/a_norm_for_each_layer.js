const squares = (x) => (Array.isArray(x) ? x.reduce((sum, y) => sum + squares(y), 0) : x * x);
const times = (x, factor) => (Array.isArray(x) ? x.map((y) => times(y, factor)) : x * factor);

function clipByGlobalNorm(gradients, maxNorm) {
  if (maxNorm < 0) throw new RangeError('maxNorm');
  return gradients.map((layer) => {
    const norm = Math.sqrt(squares(layer));
    return norm > maxNorm ? times(layer, maxNorm / norm) : layer;
  });
}
