"""The built-in formats: the module name is the format."""
