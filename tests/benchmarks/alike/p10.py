def sgdWithMomentum(data, lr, beta, epochs):
    state = {"w": 0.0, "v": 0.0}
    for _ in range(epochs):
        for sample in data:
            g = 2 * (state["w"] * sample["x"] - sample["y"]) * sample["x"]
            state["v"] = beta * state["v"] + g
            state["w"] = state["w"] - lr * state["v"]
    return state["w"]
