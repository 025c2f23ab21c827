"""What no official shape checks: value lists, dates, languages, conditions, links, misspelt names. One small function a rule."""
