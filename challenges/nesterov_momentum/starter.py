import numpy as np


def nesterovMomentum(w, gradients, lr, beta):
    """Take one step of Nesterov's momentum for each row of gradients; return the final weights.

    w:         the weights at the start, an array of shape (d,)
    gradients: one gradient for each step, an array of shape (steps, d)
    lr:        learning rate
    beta:      momentum factor
    """
    # Start with a velocity of zeros, of the shape of w.
    # For each row of gradients in order: velocity, then w. Leave the arguments as they are.
