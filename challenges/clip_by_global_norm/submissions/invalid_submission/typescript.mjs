type Tensor = number | Tensor[];

export function clipByGlobalNorm(gradients: Tensor[], maxNorm: number): Tensor[] {
  if (maxNorm < 0) {
    throw new RangeError('maxNorm');
  }
  const norm = Math.hypot(...(gradients.flat(Infinity) as number[]));
  const factor = norm > maxNorm ? maxNorm / norm : 1;
  const scale = (x: Tensor): Tensor => (Array.isArray(x) ? x.map(scale) : x * factor);
  return gradients.map(scale);
}
