"""The built-in kinds of portal: the module name is the kind."""
