import torch
from torch.nn.utils import clip_grad_norm_


def clipByGlobalNorm(gradients, maxNorm):
    params = []
    for g in gradients:
        p = torch.nn.Parameter(torch.zeros(g.shape))
        p.grad = torch.tensor(g)
        params.append(p)
    clip_grad_norm_(params, maxNorm)
    return [p.grad.numpy() for p in params]
