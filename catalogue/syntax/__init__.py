"""Our own writers of Turtle, RDF/XML and JSON-LD.

A graph without blank nodes needs no clever writer. These are linear in the number of triples (rdflib's Turtle writer is not: 7 minutes for
5,000 datasets), sort everything, and give the same bytes whatever the version of a library.
"""
