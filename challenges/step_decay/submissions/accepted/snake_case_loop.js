function step_decay(epoch, base_lr, factor, every) {
  if (every < 1) throw new Error('every must be positive, got ' + every);
  var lr = base_lr;
  for (var e = every; e <= epoch; e += every) {
    lr *= factor;
  }
  return lr;
}
