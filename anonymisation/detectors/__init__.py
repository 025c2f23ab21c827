"""What personal data looks like: one module a kind, each with a class `Detector`; `anonymisation.detect` walks the columns past them."""
