def policyGradient(preferences, actions, rewards, lr, baselineRate):
    """Train a softmax policy over the arms of a bandit by REINFORCE, and return its preferences.

    preferences:  one number for each arm, from which the training starts
    actions:      which arm was pulled each time, counted from 0
    rewards:      what each pull paid
    lr:           learning rate
    baselineRate: how fast the baseline follows the rewards
    """
    # Start with baseline = 0.
    # For each pull, in order:
    #   probabilities, a softmax of the preferences (which may be large),
    #   advantage, from the reward and the baseline,
    #   the preferences of all arms,
    #   the baseline.
