function* numbersOf(value) {
  if (Array.isArray(value)) {
    for (const entry of value) yield* numbersOf(entry);
  } else {
    yield value;
  }
}

function globalNorm(gradients) {
  let squares = 0;
  for (const number of numbersOf(gradients)) {
    squares += number ** 2;
  }
  return Math.sqrt(squares);
}

export const clipByGlobalNorm = (gradients, maxNorm) => {
  if (maxNorm < 0) throw new RangeError('negative norm');
  const norm = globalNorm(gradients);
  const factor = norm > maxNorm ? maxNorm / norm : 1;
  // JSON makes a copy of any shape, and its reviver sees every number
  const clip = (key, value) => (typeof value === 'number' ? value * factor : value);
  return JSON.parse(JSON.stringify(gradients), clip);
};
