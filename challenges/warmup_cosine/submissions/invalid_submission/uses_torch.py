from torch import nn, optim
from torch.optim.lr_scheduler import CosineAnnealingLR, LinearLR, SequentialLR


def warmupCosine(step, warmupSteps, totalSteps, baseLr, minLr):
    optimizer = optim.SGD(nn.Linear(1, 1).parameters(), lr=baseLr)
    warm = LinearLR(optimizer, 1e-8, 1.0, warmupSteps)
    cool = CosineAnnealingLR(optimizer, totalSteps - warmupSteps, minLr)
    scheduler = SequentialLR(optimizer, [warm, cool], [warmupSteps])
    for _ in range(step):
        optimizer.step()
        scheduler.step()
    return optimizer.param_groups[0]["lr"]
