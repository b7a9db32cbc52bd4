export default function stepDecay(epoch, baseLr, factor, every) {
  if (every <= 0) {
    throw new Error('every has to be positive');
  }
  const passed = epoch + 1; // epochs that are done after this one
  const drops = Math.floor(passed / every);
  return baseLr * factor ** drops;
}
