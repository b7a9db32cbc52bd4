def policyGradient(preferences, actions, rewards, lr, baselineRate):
    return preferences
