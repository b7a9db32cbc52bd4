export function stepDecay(epoch, baseLr, factor, every) {
  if (every <= 0) {
    throw new RangeError('every has to be at least 1');
  }
  const drops = Math.floor(epoch / every);
  return baseLr * factor ** drops;
}
