"""How big the risk was and is, and how useful what is left: figures for people, not for the search."""
