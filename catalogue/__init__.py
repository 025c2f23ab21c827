"""How is it described? The model of a release, DCAT-AP-NL, validation."""
