"""A report in the form that the ending of a file's name asks for."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from config.errors import ConfigurationError, Message
from engine.files import write_atomic

if TYPE_CHECKING:
    from pathlib import Path

    from config.errors import Language
    from quality.reports.document import Report

ENDINGS = (".json", ".html", ".pdf", ".csv", ".xml")
ENDING = Message(
    "quality.report-ending",
    nl="een rapport kan niet eindigen op {ending}; kies een naam op .json, .html, .pdf, .csv of .xml (JUnit)",
    en="a report cannot end in {ending}; choose a name in .json, .html, .pdf, .csv or .xml (JUnit)",
)


def checked(file: Path) -> str:
    """Give the ending of a report's name, in lower case; ConfigurationError when there is no such form."""
    ending = file.suffix.lower()
    if ending not in ENDINGS:
        raise ConfigurationError(ENDING.at(ending=ending or "-"))
    return ending


def content(report: Report, ending: str, language: Language) -> bytes:
    """Give a report in one of the forms of `ENDINGS`."""
    from quality.reports.page import page
    from quality.reports.pdf import as_pdf
    from quality.reports.tables import as_csv, as_junit

    if ending == ".pdf":
        return as_pdf(report, language)
    made = {
        ".json": lambda: json.dumps(report.as_json(), ensure_ascii=False, indent=1) + "\n",
        ".html": lambda: page(report, language),
        ".csv": lambda: as_csv(report, language),
        ".xml": lambda: as_junit(report, language),
    }
    return made[ending]().encode()


def write(report: Report, file: Path, language: Language) -> None:
    """Write a report, whole or not at all; the folder is made."""
    made = content(report, checked(file), language)
    file.parent.mkdir(parents=True, exist_ok=True)
    write_atomic(file, made)
