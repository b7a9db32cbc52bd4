exports.clipByGlobalNorm = (gradients, maxNorm) => {
  if (maxNorm < 0) throw new RangeError('maxNorm');
  const rows = gradients.map((g) => g.flat(Infinity));
  const norm = Math.hypot(...rows.flat());
  const factor = norm > maxNorm ? maxNorm / norm : 1;
  return rows.map((row) => row.map((x) => x * factor));
};
