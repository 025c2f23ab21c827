"""Checks that the engine judges itself, all of a suite in one pass over the table."""
