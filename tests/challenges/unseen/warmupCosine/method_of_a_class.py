# mistake: the function is a method of a class Solution, so that the file has no function warmupCosine that could be called.
import math


class Solution:
    def warmupCosine(self, step, warmupSteps, totalSteps, baseLr, minLr):
        if step >= totalSteps:
            return minLr
        if step < warmupSteps:
            return baseLr * step / warmupSteps
        progress = (step - warmupSteps) / (totalSteps - warmupSteps)
        return minLr + (baseLr - minLr) * (1 + math.cos(math.pi * progress)) / 2
