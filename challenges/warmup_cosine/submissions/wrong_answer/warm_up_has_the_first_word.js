function warmupCosine(step, warmupSteps, totalSteps, baseLr, minLr) {
  switch (true) {
    case step < warmupSteps:
      return baseLr * (step / warmupSteps);
    case step >= totalSteps:
      return minLr;
    default: {
      const progress = (step - warmupSteps) / (totalSteps - warmupSteps);
      return minLr + (baseLr - minLr) * 0.5 * (1 + Math.cos(Math.PI * progress));
    }
  }
}
