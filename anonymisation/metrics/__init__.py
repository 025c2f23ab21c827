"""Measures of what is lost, of which the search takes the least: one module a measure."""
