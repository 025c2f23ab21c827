"""Methods that replace the values of a column of micro-data by others of the same type: one module a method."""
