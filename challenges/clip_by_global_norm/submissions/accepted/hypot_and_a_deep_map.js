function deepMap(f, x) {
  return typeof x === 'number' ? f(x) : x.map((y) => deepMap(f, y));
}

module.exports = function clipByGlobalNorm(gradients, maxNorm) {
  if (!(maxNorm >= 0)) throw new Error(`no norm is ${maxNorm}`);
  const norm = Math.hypot(...gradients.flat(Infinity));
  const factor = norm > maxNorm ? maxNorm / norm : 1;
  return deepMap((x) => x * factor, gradients);
};
