"""One module a class of DCAT-AP-NL: each gives the triples of one resource."""
