# mistake: the velocity is set back to 0 at the start of each epoch, instead of living through the whole training.
class LineFitter:
    def __init__(self, lr, beta):
        self.lr = lr
        self.beta = beta
        self.w = 0.0

    def run_epoch(self, data):
        velocity = 0.0
        for sample in data:
            error = self.w * sample["x"] - sample["y"]
            gradient = 2 * error * sample["x"]
            velocity = self.beta * velocity + gradient
            self.w -= self.lr * velocity


def sgdWithMomentum(data, lr, beta, epochs):
    fitter = LineFitter(lr, beta)
    for _ in range(epochs):
        fitter.run_epoch(data)
    return fitter.w
