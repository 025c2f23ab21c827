"""The example municipality: declarations, value lists and the generator of its made-up registers."""
