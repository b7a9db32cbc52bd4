const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

export async function smoothLoss(losses, beta) {
  await pause(0); // as if the losses came in from somewhere
  let average = 0;
  return losses.map((loss, i) => {
    average = beta * average + (1 - beta) * loss;
    return average / (1 - beta ** (i + 1));
  });
}
