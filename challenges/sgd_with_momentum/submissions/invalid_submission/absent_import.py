import torch


def sgdWithMomentum(data, lr, beta, epochs):
    w = torch.zeros(1, requires_grad=True)
    optimizer = torch.optim.SGD([w], lr=lr, momentum=beta)
    for _ in range(epochs):
        for s in data:
            optimizer.zero_grad()
            loss = ((w * s["x"] - s["y"]) ** 2).sum()
            loss.backward()
            optimizer.step()
    return w.item()
