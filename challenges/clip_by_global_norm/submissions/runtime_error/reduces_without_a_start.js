const clipByGlobalNorm = (gradients, maxNorm) => {
  if (maxNorm < 0) throw new RangeError('maxNorm has to be 0 or more');
  const squares = gradients.flat(Infinity).map((x) => x * x);
  const norm = Math.sqrt(squares.reduce((a, b) => a + b)); // [] has nothing to start with
  const factor = norm > maxNorm ? maxNorm / norm : 1;
  const scale = (x) => (Array.isArray(x) ? x.map(scale) : x * factor);
  return gradients.map(scale);
};
