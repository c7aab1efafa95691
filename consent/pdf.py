"""Making PDFs: the only module that loads the PDF library, and only when a page is made.

The library needs Pango from the system and 100 MB of memory, so web pages and mail workers never load it.
"""

import logging
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from io import BytesIO
from typing import Any


class PdfUnavailableError(RuntimeError):
    """Pango is missing on this machine; everything but PDFs works."""


@dataclass(frozen=True)
class Sheet:
    """One text, laid out and written as a PDF of its own: the library's own form takes 100 times as much."""

    content: bytes


def require() -> None:
    """Raise PdfUnavailableError where this machine cannot make PDFs."""
    _library()


def on_one_page(html: str) -> Sheet | None:
    """Lay a page of HTML out for print, or return None if it takes more than one page.

    Only data: addresses in it are followed. Raises PdfUnavailableError, which says what to install.
    """
    library = _library()
    fetcher = library.URLFetcher(allowed_protocols=["data"])
    document = library.HTML(string=html, url_fetcher=fetcher).render(font_config=_fonts())
    return Sheet(document.write_pdf()) if len(document.pages) == 1 else None


def bind(sheets: Iterable[Sheet], title: str) -> bytes:
    """Return one PDF of all the sheets, in order."""
    from pypdf import PdfWriter

    bound = PdfWriter()
    for sheet in sheets:
        bound.append(BytesIO(sheet.content))
    bound.add_metadata({"/Title": title})
    out = BytesIO()
    bound.write(out)
    return out.getvalue()


@cache
def _fonts() -> Any:
    """Return the machine's fonts, looked up once: that takes longer than a page."""
    from weasyprint.text.fonts import FontConfiguration

    return FontConfiguration()


def _library() -> Any:
    try:
        import weasyprint
    except OSError as error:
        raise PdfUnavailableError(
            "Pango is missing: install libpango-1.0-0 and libpangoft2-1.0-0 to print letters."
        ) from error
    logging.getLogger("weasyprint.progress").setLevel(logging.WARNING)
    return weasyprint
