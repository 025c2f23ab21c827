"""The parts of the generator: people, places, texts, and one module a register."""
