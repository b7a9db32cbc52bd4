class BadSchedule extends RangeError {
  constructor(every) {
    super(`a drop every ${every} epochs makes no sense`);
    this.name = 'BadSchedule';
  }
}

const checked = (every) => {
  if (every > 0) return every;
  throw new BadSchedule(every);
};

const schedule = (epoch, baseLr, factor, every) =>
  baseLr * Math.pow(factor, (epoch - (epoch % checked(every))) / every);

export { schedule as stepDecay };
