import torch


def adamW(params, grads, lr, beta1, beta2, eps, weightDecay):
    p = torch.tensor(params, dtype=torch.float64, requires_grad=True)
    optimizer = torch.optim.AdamW(
        [p], lr=lr, betas=(beta1, beta2), eps=eps, weight_decay=weightDecay
    )
    for g in grads:
        p.grad = torch.tensor(g, dtype=torch.float64)
        optimizer.step()
    return p.tolist()
