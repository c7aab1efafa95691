"""Reads the words out of a PDF, for everybody who cannot read one. Loads its library only when it is used."""

import logging
import re
from io import BytesIO

from .wording import LONGEST_TEXT

log = logging.getLogger(__name__)

MOST_PAGES = 400
_PAGE_NUMBER = re.compile(r"^\W*(?:page\s+)?\d+(?:\s*(?:of|/)\s*\d+)?\W*$", re.IGNORECASE)
# Nothing a reader sees, and nothing a database or a page could keep.
_UNSEEN = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\u00ad\ufffe\uffff\ud800-\udfff]")


def text_of_pdf(data: bytes) -> str:
    """Return the words of a PDF that passed `problem_of`; empty where it has none, as a scanned picture.

    Empty too where it is longer than MOST_PAGES or LONGEST_TEXT: half a contract must not pass for all of it.
    """
    from pypdf import PdfReader  # 40 MB of memory that no page needs

    try:
        pages = PdfReader(BytesIO(data)).pages
        if len(pages) > MOST_PAGES:
            return ""
        read = [_without_page_number(page.extract_text()) for page in pages]
    except Exception as error:
        log.warning("words of a pdf of %d bytes not read: %s", len(data), type(error).__name__)
        return ""
    text = tidy("\n".join(read))
    return text if len(text) <= LONGEST_TEXT else ""


def tidy(text: str) -> str:
    """Return a text with one kind of line end, without characters nobody sees, without space around."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return "\n".join(_UNSEEN.sub("", line).rstrip() for line in lines).strip()


def _without_page_number(page: str) -> str:
    """Return a page's lines without a number at its head or foot, which would part a sentence in two."""
    lines = [line for line in page.splitlines() if line.strip()]
    if lines and _PAGE_NUMBER.match(lines[-1]):
        lines.pop()
    if lines and _PAGE_NUMBER.match(lines[0]):
        lines.pop(0)
    return "\n".join(lines)
