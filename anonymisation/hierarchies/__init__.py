"""Ladders of values from fine to coarse: one module a type of hierarchy, `recode` climbs them for the values of a column."""
