"""Privacy models for micro-data: one module a model, each with its formula and source; `base` holds what they share."""
