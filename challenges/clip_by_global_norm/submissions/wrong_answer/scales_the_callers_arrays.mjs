function visit(array, f) {
  array.forEach((value, i) => {
    if (Array.isArray(value)) {
      visit(value, f);
    } else {
      array[i] = f(value);
    }
  });
}

export function clip_by_global_norm(gradients, maxNorm) {
  if (maxNorm < 0) throw new RangeError('maxNorm has to be at least 0');
  let sum = 0;
  visit(gradients, (x) => {
    sum += x * x;
    return x;
  });
  const norm = Math.sqrt(sum);
  if (norm > maxNorm) {
    visit(gradients, (x) => (x * maxNorm) / norm);
  }
  return gradients;
}
