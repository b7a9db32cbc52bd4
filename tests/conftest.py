"""What all tests share: nothing here is timed, for the machines that run it are noisy."""

from hypothesis import settings

settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")
