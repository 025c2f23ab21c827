"""The report as a table (CSV, RFC 4180) and as JUnit XML, for programs that build on either."""

from __future__ import annotations

import csv
import io
import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from config.errors import Language
    from quality.reports.document import Check, Report, Words

HEADER = (
    "gate",
    "type",
    "text",
    "dimension",
    "severity",
    "success",
    "element_count",
    "unexpected_count",
    "unexpected_percent",
    "set_aside",
    "error",
    "engine",
)
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""Characters that XML 1.0 has no place for (section 2.2)."""


def as_csv(report: Report, language: Language) -> str:
    """Give every result of every gate as a line; a cell that a spreadsheet would calculate is quoted with an apostrophe."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(HEADER)
    for gate in report.gates:
        for one in gate.results:
            writer.writerow([_guarded(gate.gate), *(_guarded(value) for value in _cells(one, language))])
    return out.getvalue()


def _cells(one: Check, language: Language) -> tuple[object, ...]:
    counted = (one.element_count, one.unexpected_count, one.unexpected_percent, one.set_aside)
    return (one.type, _say(one.text, language), one.dimension, one.severity, str(one.success).lower(), *counted, one.error, one.engine)


def _guarded(value: object) -> str:
    text = "" if value is None else str(value)
    return f"'{text}" if isinstance(value, str) and text.startswith(_FORMULA) else text


def as_junit(report: Report, language: Language) -> str:
    """Give a test suite a gate and a test case a check, as build servers read them.

    A failed check of severity `critical` is a failure; one that could not be evaluated an error. A failed `warning` or `info` does not
    stop anything by itself: it is told in `system-out`, so that the case passes there too, as the gate does.
    """
    from xml.etree.ElementTree import Element, SubElement, indent, tostring

    root = Element("testsuites", name=_clean(_say(report.title, language)))
    for gate in report.gates:
        suite = SubElement(root, "testsuite", name=gate.gate)
        for one in gate.results:
            case = SubElement(suite, "testcase", name=_clean(_say(one.text, language)), classname=one.type)
            tag = _tag(one)
            if tag == "system-out":
                SubElement(case, tag).text = f"{one.severity}: {_message(one)}"
            elif tag:
                SubElement(case, tag, message=_message(one), type=one.severity)
        for words in gate.findings:
            said = _clean(_say(words, language))
            SubElement(SubElement(suite, "testcase", name=said, classname="table"), "failure", message=said, type="critical")
        for key, path in (("tests", "testcase"), ("failures", "testcase/failure"), ("errors", "testcase/error")):
            suite.set(key, str(len(suite.findall(path))))
    indent(root)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + tostring(root, encoding="unicode") + "\n"


def _tag(one: Check) -> str:
    """Give the element that tells how a check came out; empty for one that succeeded."""
    if one.success:
        return ""
    if one.error:
        return "error"
    return "failure" if one.severity == "critical" and not one.set_aside else "system-out"


def _say(words: Words, language: Language) -> str:
    return words.nl if language == "nl" else words.en


def _message(one: Check) -> str:
    if one.error:
        return _clean(one.error)
    if one.unexpected_count is not None and one.element_count is not None:
        return f"{one.unexpected_count} / {one.element_count}"
    return one.severity


def _clean(text: str) -> str:
    return _NOT_XML.sub("\N{REPLACEMENT CHARACTER}", text)
