from dataclasses import dataclass, replace


@dataclass(frozen=True)
class State:
    average: float = 0.0
    power: float = 1.0

    def seen(self, loss, beta):
        average = self.average * beta + loss * (1 - beta)
        return replace(self, average=average, power=self.power * beta)


def smoothLoss(losses, beta):
    states = [State()]
    for loss in losses:
        states.append(states[-1].seen(loss, beta))
    return [s.average / (1 - s.power) for s in states[1:]]
