"""The report as a tagged PDF (PDF/UA-1, ISO 14289-1), made from its page by WeasyPrint: the extra `pdf`."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from config.errors import ConfigurationError, Message
from pages.rendering import style_sheet

if TYPE_CHECKING:
    from config.errors import Language
    from quality.reports.document import Report

NO_PDF = Message(
    "quality.no-pdf",
    nl="voor een rapport als PDF is WeasyPrint nodig, en dat is hier niet; installeer het met pip install 'vrijgave[pdf]' (het gebruikt de "
    "systeembibliotheek Pango), of kies --report rapport.html",
    en="a report as PDF needs WeasyPrint, which is not here; install it with pip install 'vrijgave[pdf]' (it uses the system library "
    "Pango), or choose --report report.html",
)
PRINT = """
@page { size: A4; margin: 16mm 14mm; @bottom-right { content: counter(page) " / " counter(pages); font-size: 9pt } }
.skip-link { display: none }
body { font-size: 9.5pt }
h1, .hero h1 { font-size: 20pt !important } h2 { font-size: 14pt } h3 { font-size: 11pt }
h1, h2, h3, caption, thead { break-after: avoid }
.scroll { overflow: visible }
table { width: 100%; font-size: 8.5pt }
th, td { overflow-wrap: break-word; padding: 3pt 4pt }
code { hyphens: none; font-size: 7.5pt; overflow-wrap: anywhere }
tr, svg { break-inside: avoid }
"""
DRAWN = (("figure-bar", "fill", "--vg-chart"), ("figure-track", "fill", "--vg-chart-track"))
"""Class, property and token of what a drawing has colour by: a drawing is a document of its own there, without the style of the page."""


def as_pdf(report: Report, language: Language) -> bytes:
    """Give the page as PDF, with tags, language and title; the same report gives the same bytes.

    Raises:
        ConfigurationError: WeasyPrint, or the Pango that it needs, is not installed.
    """
    import logging

    from quality.reports.page import page

    # It tells what CSS it leaves out, which is no matter of who asked for a report.
    logging.getLogger("weasyprint").setLevel(logging.CRITICAL)
    try:
        from weasyprint import CSS, HTML
    except (ImportError, OSError):
        raise ConfigurationError(NO_PDF.at()) from None
    html = HTML(string=_coloured(page(report, language)), url_fetcher=_nothing)
    made: bytes = html.write_pdf(stylesheets=[CSS(string=PRINT)], pdf_variant="pdf/ua-1", pdf_identifier=b"quality-report")
    return made


def _coloured(html: str) -> str:
    """Give each drawing its colours, those of the style sheet."""
    tokens = dict(re.findall(r"(--vg-[a-z0-9-]+): (#[0-9a-f]{6});", style_sheet()))
    style = "".join(f".{name} {{ {what}: {tokens[token]} }} " for name, what, token in DRAWN)
    text = f"text {{ fill: {tokens['--vg-ink']}; font-size: 12px }}"
    return re.sub(r'(<svg class="figure-drawing"[^>]*>)', rf"\1<style>{style}{text}</style>", html)


def _nothing(url: str, *_: object, **__: object) -> dict[str, object]:
    """Fetch nothing: the page has everything in it."""
    raise ValueError(url)
