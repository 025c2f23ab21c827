"""Checks that municipalities need and Great Expectations lacks: what each asks (`kinds`), and as expectations of its own (`library`)."""
