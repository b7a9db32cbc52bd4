const averager = (beta) => {
  let average = 0;
  let power = 1;
  return (loss) => {
    average += (1 - beta) * (loss - average);
    power *= beta;
    return average / (1 - power);
  };
};

const smooth = (losses, beta) => losses.map(averager(beta));

export { smooth as smoothLoss };
