"""The version of our way of judging. A constant; nothing is imported."""

JUDGE_VERSION = 2
"""Raise it when the same values would get other marks: comparison, scales, scoring, datasets.

It is part of every challenge digest, so that a stored mark says which rules gave it.
"""
