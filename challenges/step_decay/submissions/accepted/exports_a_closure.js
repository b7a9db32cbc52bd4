'use strict';

function scheduler(baseLr, factor, every) {
  if (!(every > 0)) {
    throw new RangeError('every');
  }
  return (epoch) => baseLr * Math.exp(Math.trunc(epoch / every) * Math.log(factor));
}

exports.stepDecay = (epoch, ...settings) => scheduler(...settings)(epoch);
