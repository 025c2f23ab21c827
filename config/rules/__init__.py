"""What must hold between the parts of a declaration, beyond the shape that the models check.

A rule is a function that takes a `Scope` and yields problems. Rules look at the document as it was typed, not at the model: so they also
speak when another part is wrong, and every error is told at once. What has the wrong shape they pass over in silence.
"""
