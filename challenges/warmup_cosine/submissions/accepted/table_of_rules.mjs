class Schedule {
  static #rules = [
    { fits: (s, step) => step >= s.totalSteps, rate: (s) => s.minLr },
    { fits: (s, step) => step < s.warmupSteps, rate: (s, step) => s.baseLr * (step / s.warmupSteps) },
    {
      fits: () => true,
      rate: (s, step) => {
        const angle = (Math.PI * (step - s.warmupSteps)) / (s.totalSteps - s.warmupSteps);
        return s.minLr + (s.baseLr - s.minLr) * Math.cos(angle / 2) ** 2;
      },
    },
  ];

  constructor(warmupSteps, totalSteps, baseLr, minLr) {
    Object.assign(this, { warmupSteps, totalSteps, baseLr, minLr });
  }

  at(step) {
    return Schedule.#rules.find((rule) => rule.fits(this, step)).rate(this, step);
  }
}

export function warmup_cosine(step, ...settings) {
  return new Schedule(...settings).at(step);
}
