import random


def trainLinearModel(data, lr, epochs, batchSize):
    weight = 0
    bias = 0
    for epoch in range(epochs):
        samples = data[:]
        random.shuffle(samples)
        i = 0
        while i < len(samples):
            batch = samples[i:i + batchSize]
            grad_w = 0
            grad_b = 0
            for s in batch:
                prediction = weight * s["x"] + bias
                error = prediction - s["y"]
                grad_w += 2 * error * s["x"]
                grad_b += 2 * error
            grad_w /= len(batch)
            grad_b /= len(batch)
            weight -= lr * grad_w
            bias -= lr * grad_b
            i += batchSize
    return {"weight": weight, "bias": bias}


if __name__ == "__main__":
    line = [{"x": x, "y": 3 * x - 1} for x in range(-2, 3)]
    print(trainLinearModel(line, 0.05, 200, 2))
