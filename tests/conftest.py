"""What holds for all tests."""

from hypothesis import settings

# A deadline per example measures the machine, not the program: the first example of a test pays for the imports.
settings.register_profile("vrijgave", deadline=None)
settings.load_profile("vrijgave")
