const { cos, PI } = Math;
const between = (from, to, share) => from + (to - from) * share;

const warmupCosine = (step, warmup, total, base, min) =>
  step >= total ? min
    : step < warmup ? between(0, base, step / warmup)
      : between(min, base, 0.5 + 0.5 * cos((PI * (step - warmup)) / (total - warmup)));
