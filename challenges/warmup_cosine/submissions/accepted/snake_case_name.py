import cmath


def warmup_cosine(step: int, warmup_steps: int, total_steps: int, base_lr: float, min_lr: float):
    in_schedule = step < total_steps
    if in_schedule and step < warmup_steps:
        return step * base_lr / warmup_steps
    if in_schedule:
        turn = cmath.exp(1j * cmath.pi * (step - warmup_steps) / (total_steps - warmup_steps))
        return base_lr + (min_lr - base_lr) * (1 - turn.real) / 2
    return min_lr
