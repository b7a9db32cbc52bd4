# mistake: it leaves the work to torch.optim.AdamW, but only the standard library and numpy may be imported.
import torch


def adamW(params, grads, lr, beta1, beta2, eps, weightDecay):
    p = torch.nn.Parameter(torch.tensor(params, dtype=torch.float64))
    opt = torch.optim.AdamW([p], lr=lr, betas=(beta1, beta2), eps=eps, weight_decay=weightDecay)
    for g in grads:
        opt.zero_grad()
        p.grad = torch.tensor(g, dtype=torch.float64)
        opt.step()
    return p.detach().tolist()
