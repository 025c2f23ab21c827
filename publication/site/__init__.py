"""The static portal: what its pages show, how they are made, switched as one and read back.

A straight line: `views` (what is public, in the shape of pages) ← `reports`, `figures` ← `reading`; `pages` renders them; `generation` puts
a whole site beside the old one and switches; `visit` reads it as a visitor; `links` holds every link.
"""
