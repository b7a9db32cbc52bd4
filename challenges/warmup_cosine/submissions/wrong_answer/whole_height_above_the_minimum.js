// minLr is never undercut, so it is simply added
module.exports = {
  warmupCosine: (step, warmupSteps, totalSteps, baseLr, minLr) => {
    if (step >= totalSteps) return minLr;
    if (step < warmupSteps) return (baseLr * step) / warmupSteps;
    const progress = (step - warmupSteps) / (totalSteps - warmupSteps);
    const cosine = (1 + Math.cos(Math.PI * progress)) / 2;
    return minLr + baseLr * cosine;
  },
};
