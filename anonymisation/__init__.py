"""Can anybody be recognised? Detection, micro-data, tables."""
