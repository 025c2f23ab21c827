"""The report as a tagged PDF (PDF/UA-1, ISO 14289-1), made from its page by WeasyPrint: the extra `pdf`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from config.errors import ConfigurationError, Message

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
@page { size: A4; margin: 18mm 15mm; @bottom-right { content: counter(page) " / " counter(pages); font-size: 9pt } }
.skip-link { display: none }
body { font-size: 10pt }
.scroll { overflow: visible }
table { width: 100%; table-layout: fixed; font-size: 8.5pt }
th, td { overflow-wrap: anywhere; hyphens: auto }
tr { break-inside: avoid }
"""


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
    html = HTML(string=page(report, language), url_fetcher=_nothing)
    made: bytes = html.write_pdf(stylesheets=[CSS(string=PRINT)], pdf_variant="pdf/ua-1", pdf_identifier=b"quality-report")
    return made


def _nothing(url: str, *_: object, **__: object) -> dict[str, object]:
    """Fetch nothing: the page has everything in it."""
    raise ValueError(url)
