module.exports = function stepDecay(epoch, baseLr, factor, every) {
  if (every <= 0) return NaN;
  return baseLr * factor ** Math.floor(epoch / every);
};
