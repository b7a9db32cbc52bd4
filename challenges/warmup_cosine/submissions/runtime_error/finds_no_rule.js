function warmupCosine(step, warmupSteps, totalSteps, baseLr, minLr) {
  const progress = (step - warmupSteps) / (totalSteps - warmupSteps);
  const rules = [
    { from: totalSteps, rate: minLr },
    { from: warmupSteps, rate: minLr + ((baseLr - minLr) * (1 + Math.cos(Math.PI * progress))) / 2 },
    { from: 1, rate: (baseLr * step) / warmupSteps }, // step 0 has none
  ];
  return rules.find((rule) => step >= rule.from).rate;
}
