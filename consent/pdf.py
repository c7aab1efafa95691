"""Making PDFs: the only module that loads the PDF library, and only when a page is made.

The library needs Pango from the system and 100 MB of memory, so web pages and mail workers never load it.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import Any


class PdfUnavailableError(RuntimeError):
    """Pango is missing on this machine; everything but PDFs works."""


@dataclass(frozen=True)
class Sheet:
    """One text laid out on pages."""

    document: Any

    @property
    def pages(self) -> int:
        return len(self.document.pages)


def require() -> None:
    """Raise PdfUnavailableError where this machine cannot make PDFs."""
    _library()


def lay_out(html: str) -> Sheet:
    """Lay a page of HTML out for print; only data: addresses in it are followed.

    Raises PdfUnavailableError, which says what to install.
    """
    library = _library()
    fetcher = library.URLFetcher(allowed_protocols=["data"])
    return Sheet(library.HTML(string=html, url_fetcher=fetcher).render())


def bind(sheets: Sequence[Sheet], title: str) -> bytes:
    """Return one PDF of all the sheets' pages, in order."""
    pages: Iterable[Any] = [page for sheet in sheets for page in sheet.document.pages]
    bound = sheets[0].document.copy(pages)
    bound.metadata.title = title
    out = BytesIO()
    bound.write_pdf(out)
    return out.getvalue()


def _library() -> Any:
    try:
        import weasyprint
    except OSError as error:
        raise PdfUnavailableError(
            "Pango is missing: install libpango-1.0-0 and libpangoft2-1.0-0 to print letters."
        ) from error
    return weasyprint
