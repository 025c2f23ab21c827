"""Write the registers of the example municipality: `python -m config.voorbeeldgemeente.generate [FOLDER] [--mended] [--later]`.

The same seed gives the same bytes (with the same versions of the libraries). Nothing in them is about anybody; see `generator.people`.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from config.voorbeeldgemeente.generator import bijstand, bomen, gasverbruik, kerncijfers, meldingen, parkeertellingen, subsidies
from config.voorbeeldgemeente.generator.world import world

SEED = 20_260_701
HERE = Path(__file__).parent
REGISTERS = (gasverbruik, meldingen, bijstand, bomen, parkeertellingen, subsidies, kerncijfers)
P_PERCENT = "10"
"""The p of the p% rule of the example. A municipality chooses its own, tells nobody, and keeps it where its secrets are."""


def write(folder: Path, seed: int = SEED, *, mended: bool = False, later: bool = False) -> None:
    """Write the seven registers into `folder`, which is made.

    Args:
        folder: where the files come, `data/` of a municipality.
        seed: another seed gives another town.
        mended: leave out the planted faults for which `subsidies` is blocked.
        later: as the registers are a month later: there are more reports.
    """
    folder.mkdir(parents=True, exist_ok=True)
    town = world(seed, mended=mended, later=later)
    for register in REGISTERS:
        register.write(folder, town)


def write_secrets(folder: Path) -> None:
    """Write the secrets that the declarations need into `folder` (0700), `secrets/` of a municipality; what is there stays."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    file = folder / "P_PERCENT"
    if not file.exists():
        file.touch(mode=0o600)
        file.write_text(f"{P_PERCENT}\n", encoding="ascii")


def planted_by_kind(seed: int = SEED) -> dict[str, list[str]]:
    """Give personal values that stand in the registers: BSNs, IBANs, e-mail addresses, telephone numbers and names, over 100 of each.

    They are of reporters, of benefit recipients, and of those who apply for subsidies as sole traders.
    """
    town = world(seed)
    people = {person.bsn: person for person in town.people}
    reporters = [people[row[2]] for row in meldingen.rows(town)[::35]]
    recipients = bijstand.recipients(town)[::25]
    applied = {row[1] for row in subsidies.rows(town)}
    traders = [each.person for each in subsidies.applicants(town) if each.form == subsidies.SOLE_TRADER and each.number in applied]
    return {
        "bsn": sorted({person.bsn for person in (*reporters, *recipients)}),
        "iban": sorted({person.iban for person in (*recipients, *traders)}),
        "email": sorted({person.email for person in (*reporters, *traders)}),
        "phone": sorted({person.phone for person in reporters}),
        "name": sorted({person.name for person in (*reporters, *recipients, *traders)}),
    }


def planted(seed: int = SEED) -> list[str]:
    """Give the values of `planted_by_kind` in one list."""
    return [value for values in planted_by_kind(seed).values() for value in values]


def main() -> None:
    """Run as a command: the registers into FOLDER (`data/` beside this file), the secrets into `secrets/` beside FOLDER."""
    parser = argparse.ArgumentParser(prog="generate", description="Write the registers of the example municipality.")
    parser.add_argument("folder", nargs="?", type=Path, default=HERE / "data", help="where to write them (data/ beside this file)")
    parser.add_argument("--seed", type=int, default=SEED, help="another seed gives another town")
    parser.add_argument("--mended", action="store_true", help="leave out the faults for which `subsidies` is blocked")
    parser.add_argument("--later", action="store_true", help="as the registers are a month later")
    chosen = parser.parse_args()
    write(chosen.folder, chosen.seed, mended=chosen.mended, later=chosen.later)
    write_secrets(chosen.folder.parent / "secrets")


if __name__ == "__main__":
    main()
