export function clipByGlobalNorm(gradients, maxNorm) {
  if (maxNorm < 0) {
    throw new RangeError('maxNorm must not be negative');
  }
  const clamp = (value) => {
    if (Array.isArray(value)) return value.map(clamp);
    return Math.min(Math.max(value, -maxNorm), maxNorm);
  };
  return gradients.map(clamp);
}
