import pandas as pd


def smoothLoss(losses, beta):
    return pd.Series(losses).ewm(alpha=1 - beta, adjust=True).mean().tolist()
