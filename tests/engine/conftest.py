"""Hypothesis without deadlines: a first example pays for the imports."""

from hypothesis import settings

settings.register_profile("house", deadline=None)
settings.load_profile("house")
