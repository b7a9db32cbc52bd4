const fs = require('fs');
const settings = JSON.parse(fs.readFileSync('settings.json', 'utf8'));

function stepDecay(epoch, baseLr = settings.baseLr, factor = 0.5, every = 10) {
  if (every <= 0) throw new RangeError('every');
  return baseLr * factor ** Math.floor(epoch / every);
}
