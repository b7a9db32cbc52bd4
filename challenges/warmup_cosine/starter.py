def warmupCosine(step, warmupSteps, totalSteps, baseLr, minLr):
    """Return the learning rate of one step: a linear warm-up, then half a cosine.

    step:        the step that is asked for, counted from 0
    warmupSteps: how many steps the warm-up takes (0: none)
    totalSteps:  how many steps the whole schedule takes
    baseLr:      the rate at the end of the warm-up
    minLr:       the rate at the end of the schedule and after it
    """
    # Which rule does this step fall under: after the end, warm-up or cosine? Ask in this order.
