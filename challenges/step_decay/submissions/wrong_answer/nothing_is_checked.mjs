export const stepDecay = (epoch, baseLr, factor, every) =>
  baseLr * factor ** Math.floor(epoch / every);
