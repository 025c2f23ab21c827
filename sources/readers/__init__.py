"""The built-in kinds of source: the module name is the kind."""
