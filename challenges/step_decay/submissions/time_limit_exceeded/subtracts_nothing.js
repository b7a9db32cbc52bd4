function stepDecay(epoch, baseLr, factor, every) {
  if (every <= 0) throw new RangeError('every has to be positive');
  let lr = baseLr;
  let left = epoch;
  while (left >= every) {
    lr *= factor;
    left - every; // should have been -=
  }
  return lr;
}
