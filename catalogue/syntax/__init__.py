"""Our own writers of Turtle, RDF/XML, JSON-LD and N-Triples: a head, a piece a resource, a separator, a tail.

A graph without blank nodes needs no clever writer. These are linear in the number of triples (rdflib's Turtle writer is not: 7 minutes for
5,000 datasets), sort everything, and give the same bytes whatever the version of a library.
"""
