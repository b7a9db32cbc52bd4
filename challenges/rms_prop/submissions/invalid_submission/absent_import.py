import torch


def rmsProp(params, grads, lr, decay, eps):
    p = torch.tensor(params, requires_grad=True)
    optimizer = torch.optim.RMSprop([p], lr=lr, alpha=decay, eps=eps)
    for g in grads:
        p.grad = torch.tensor(g)
        optimizer.step()
    return p.tolist()
