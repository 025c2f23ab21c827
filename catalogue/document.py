"""The page that lists every rule of the validator, made from the rules themselves: ``python -P -m catalogue.document`` writes it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

from rdflib import RDF

from catalogue import online, validate  # noqa: F401 - they bring the rules along
from catalogue.engines import SH, shapes
from catalogue.hints import hint
from catalogue.namespaces import short
from catalogue.rules.check import Check
from catalogue.score.metrics import points_of

if TYPE_CHECKING:
    from collections.abc import Iterator

PAGE: Final = Path(__file__).parent.parent / "docs" / "catalogue-rules.md"

_HEAD = """\
# Rules of the catalogue

Made from the program by `python -P -m catalogue.document`; a test compares.

`vrijgave catalogue validate [FILE|URL]` holds a catalogue, ours or anybody's, against DCAT-AP-NL 3.0.1 (or 3.0.0: `--profile 3.0.0`):
with {shapes} shapes, written from the tables of the profile, and with {rules} rules for what no shape checks. A **violation** stops
publication and gives exit code 1; a **warning** does not. Every finding names the dataset, the property, the file and key to mend, what
to type, and the points of the European score that the dataset misses as long as it stands.

## Rules

*Points* are those that the property carries in the European score (of 405); a finding tells how many of them are missed.

| rule | kind | what it says | property | key to mend | points | source |
|---|---|---|---|---|---|---|
"""

_SHAPES = """
## Shapes

Every shape is a rule as well: `catalogue.shape`, always a violation, and it costs a dataset the 30 points of compliance too. The shapes
marked 3.0.0 hold only for that version, which is tighter in places.

| shape | what it says | key to mend | points |
|---|---|---|---|
"""


def text() -> str:
    """Give the page."""
    rules = [_rule(check) for check in sorted(Check.checks, key=lambda check: check.code)]
    told = list(_shapes())
    return _HEAD.format(shapes=len(told), rules=len(rules)) + "\n".join(rules) + "\n" + _SHAPES + "\n".join(told) + "\n"


def _rule(check: Check) -> str:
    kind = "violation" if check.severity == "error" else "warning"
    props = ", ".join(f"`{prop}`" for prop in check.props if prop != "*") or ("any" if check.props else "")
    keys = ", ".join(dict.fromkeys(_key(prop) for prop in check.props if _key(prop)))
    points = sum(points_of(prop) for prop in dict.fromkeys(check.props))
    said = f"{check.nl}<br>*{check.en}*"
    return f"| `{check.code}` | {kind} | {_cell(said)} | {props} | {keys} | {points or ''} | {check.source} |"


def _shapes() -> Iterator[str]:
    rules = shapes("3.0.0")
    for shape in sorted(rules.subjects(RDF.type, SH.NodeShape), key=str):
        kind = short(str(rules.value(shape, SH.targetClass)))
        for prop in sorted(rules.objects(shape, SH.property), key=str):
            name = str(prop).rpartition(":")[2]
            said = {getattr(one, "language", ""): str(one) for one in rules.objects(prop, SH.message)}
            path = short(str(rules.value(prop, SH.path)))
            points = points_of(path) if kind in ("dcat:Dataset", "dcat:Distribution") else 0
            version = " (3.0.0)" if "-300" in str(shape) else ""
            yield f"| `{name}`{version} | {_cell(said['nl'])}<br>*{_cell(said['en'])}* | {_key(path, kind)} | {points or ''} |"


def _key(prop: str, kind: str = "") -> str:
    """Give the key that leads to a property, and the file where that is not the dataset's."""
    found = hint(prop, {kind})
    if found is None:
        return ""
    return f"`{found.key}`{' (municipality.yaml)' if found.municipality else ''}"


def _cell(sentence: str) -> str:
    return sentence.replace("|", "\\|")


if __name__ == "__main__":
    PAGE.write_text(text(), encoding="utf-8")
