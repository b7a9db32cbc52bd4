import random


def gradient_step(w, b, batch, lr):
    m = len(batch)
    dw = sum(2 / m * (w * row["x"] + b - row["y"]) * row["x"] for row in batch)
    db = sum(2 / m * (w * row["x"] + b - row["y"]) for row in batch)
    return w - lr * dw, b - lr * db


def one_epoch(w, b, rows, lr, size):
    if not rows:
        return w, b
    w, b = gradient_step(w, b, rows[:size], lr)
    return one_epoch(w, b, rows[size:], lr, size)


def train_linear_model(rows, learning_rate, n_epochs, batch_size):
    w, b = 0.0, 0.0
    for _ in range(n_epochs):
        shuffled = rows.copy()
        random.shuffle(shuffled)
        w, b = one_epoch(w, b, shuffled, learning_rate, batch_size)
    return {"weight": w, "bias": b}
