"""Other ways to describe the same data: contracts and schemas that others use, written from a declaration or read into one."""
