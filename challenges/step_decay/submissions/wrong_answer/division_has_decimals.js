const stepDecay = (epoch, baseLr, factor, every) => {
  if (every <= 0) throw new RangeError('every must be positive');
  return baseLr * Math.pow(factor, epoch / every);
};
