"""Writes the demo's small papers as PDF: pages of plain text that can be read, copied and read aloud."""

from collections.abc import Sequence
from io import BytesIO

from pypdf import PdfWriter
from pypdf.generic import (
    BooleanObject,
    DictionaryObject,
    NameObject,
    StreamObject,
    TextStringObject,
)

WIDTH, HEIGHT = 612, 792  # points: US Letter
LINE = 16  # points from one line to the next
FONT = {"/Type": "Font", "/Subtype": "Type1", "/BaseFont": "Helvetica", "/Encoding": "WinAnsiEncoding"}
#: A line of a page that begins so is drawn as a black bar, with nothing behind it that could be copied.
BAR = "█"


def paper(title: str, pages: Sequence[Sequence[str]]) -> bytes:
    """Return a PDF of pages, each of so many lines; a line of BARs is a bar of that many characters.

    Lines are of Latin-1 and are not broken: more than 90 characters run off the page.
    """
    writer = PdfWriter()
    writer.add_metadata({"/Title": title})
    root = writer.root_object
    root[NameObject("/Lang")] = TextStringObject("en-US")
    shows_title = {NameObject("/DisplayDocTitle"): BooleanObject(True)}
    root[NameObject("/ViewerPreferences")] = DictionaryObject(shows_title)
    font = DictionaryObject({NameObject(key): NameObject(f"/{value}") for key, value in FONT.items()})
    for lines in pages:
        page = writer.add_blank_page(WIDTH, HEIGHT)
        fonts = DictionaryObject({NameObject("/F1"): font})
        page[NameObject("/Resources")] = DictionaryObject({NameObject("/Font"): fonts})
        content = StreamObject()
        content.set_data(_drawn(lines).encode("latin-1"))
        page[NameObject("/Contents")] = writer._add_object(content)
    out = BytesIO()
    writer.write(out)
    return out.getvalue()


def _drawn(lines: Sequence[str]) -> str:
    """Return the operators that draw the lines from the top of the page."""
    drawn = []
    for place, line in enumerate(lines):
        y = HEIGHT - 72 - place * LINE
        if line.startswith(BAR):
            drawn.append(f"72 {y - 3} {6 * len(line)} {LINE - 3} re f")
        elif line:
            drawn.append(f"BT /F1 11 Tf 72 {y} Td ({_escaped(line)}) Tj ET")
    return "\n".join(drawn)


def _escaped(line: str) -> str:
    return line.replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)")
