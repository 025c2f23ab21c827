"""The command line: `vrijgave VERB …`; every verb starts at once, heavy libraries are imported inside the verbs."""

from __future__ import annotations


def main() -> None:
    """Run the command line (the console script)."""
    from flows.cli.app import app

    app()
