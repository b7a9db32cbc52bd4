```js
function warmupCosine(step, warmupSteps, totalSteps, baseLr, minLr) {
  if (step >= totalSteps) return minLr;
  if (step < warmupSteps) return (baseLr * step) / warmupSteps;
  const progress = (step - warmupSteps) / (totalSteps - warmupSteps);
  return minLr + ((baseLr - minLr) * (1 + Math.cos(Math.PI * progress))) / 2;
}
```
