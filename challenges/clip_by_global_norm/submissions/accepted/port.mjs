const scaled = (value, factor) =>
  Array.isArray(value) ? value.map((entry) => scaled(entry, factor)) : value * factor;

export function clipByGlobalNorm(gradients, maxNorm) {
  if (maxNorm < 0) {
    throw new RangeError('maxNorm has to be 0 or more');
  }
  const norm = Math.sqrt(gradients.flat(Infinity).reduce((sum, g) => sum + g * g, 0));
  if (norm > maxNorm) {
    return gradients.map((gradient) => scaled(gradient, maxNorm / norm));
  }
  return [...gradients];
}
