"""Looks into a PDF before it is put before the public. Pure: bytes in, a refusal or nothing out.

It reads names, not pages: what a reader program would run or open on its own has one of a few names (ISO
32000-1, 12.6.4 and 7.11.4). They may be written with escapes and may lie inside compressed streams.
"""

import re
import zlib
from collections.abc import Iterator
from enum import StrEnum

LARGEST = 30 * 1024 * 1024  # bytes
# Streams of objects are small; what grows beyond this when unpacked was made to.
LARGEST_UNPACKED = 64 * 1024 * 1024

_HEADER = re.compile(rb"%PDF-\d\.\d")
_ESCAPE = re.compile(rb"#([0-9A-Fa-f]{2})")
_OBJECT_STREAM = re.compile(rb"/ObjStm\b.*?stream\r?\n", re.DOTALL)
# What runs, starts a program, opens a file inside, plays, fills in by a script, or sends what was typed.
_ACTIVE = re.compile(
    rb"/(JavaScript|JS|Launch|EmbeddedFile|RichMedia|XFA|SubmitForm|ImportData|GoToE|Movie|Sound|Rendition)"
    rb"(?![A-Za-z0-9])"
)
_ENCRYPT = re.compile(rb"/Encrypt(?![A-Za-z0-9])")
_END = b"%%EOF"
_NEAR_THE_END = 2048  # bytes; more than reader programs look for it in
_PAGE = re.compile(rb"/Type\s*/Page(?![A-Za-z])")


class PdfProblem(StrEnum):
    """Why a file is not taken."""

    NOT_A_PDF = "not_a_pdf"
    TOO_BIG = "too_big"
    ENCRYPTED = "encrypted"
    ACTIVE = "active"
    UNREADABLE = "unreadable"
    DAMAGED = "damaged"
    # of a whole file, or of the words beside it (papers.py)
    TAKEN_DOWN = "taken_down"
    NOT_A_TEXT = "not_a_text"
    TEXT_TOO_LONG = "text_too_long"


def problem_of(data: bytes) -> PdfProblem | None:
    """Return why these bytes are not taken as a public paper, or None.

    One that lacks its end was cut off on its way: half a contract must not pass for all of it.
    """
    if len(data) > LARGEST:
        return PdfProblem.TOO_BIG
    if not _HEADER.match(data[:1024].lstrip()):
        return PdfProblem.NOT_A_PDF
    try:
        for part in _parts(data):
            names = _unescaped(part)
            if _ENCRYPT.search(names):
                return PdfProblem.ENCRYPTED
            if _ACTIVE.search(names):
                return PdfProblem.ACTIVE
    except (zlib.error, _Hidden):
        return PdfProblem.UNREADABLE
    if _END not in data[-_NEAR_THE_END:] or not count_pages(data):
        return PdfProblem.DAMAGED
    return None


def count_pages(data: bytes) -> int | None:
    """Return how many pages a PDF has, as far as its objects say; None if they do not."""
    try:
        pages = sum(len(_PAGE.findall(part)) for part in _parts(data))
    except (zlib.error, _Hidden):
        return None
    return pages or None


class _Hidden(Exception):
    """A list of objects is written so that it cannot be looked through."""


def _parts(data: bytes) -> Iterator[bytes]:
    """Yield the file without the contents of its streams, then each stream of objects unpacked."""
    outside = _outside_streams(data)
    yield outside
    if _unescaped(outside).count(b"/ObjStm") != outside.count(b"/ObjStm"):
        raise _Hidden
    left = LARGEST_UNPACKED
    for found in _OBJECT_STREAM.finditer(data):
        if b"/Filter" not in found.group():
            yield data[found.end() : data.find(b"endstream", found.end())]
            continue
        unpacker = zlib.decompressobj()
        unpacked = unpacker.decompress(data[found.end() :], left)
        if unpacker.unconsumed_tail:
            raise _Hidden
        left -= len(unpacked)
        yield unpacked


def _unescaped(part: bytes) -> bytes:
    """Return bytes with the escapes of names resolved: /J#53 is /JS."""
    return _ESCAPE.sub(lambda found: bytes([int(found[1], 16)]), part)


def _outside_streams(data: bytes) -> bytes:
    """Return the bytes between streams: a picture may hold any letters by chance."""
    kept, at = [], 0
    for found in re.finditer(rb"stream\r?\n", data):
        if found.start() < at or data[found.start() - 3 : found.start()] == b"end":
            continue
        end = data.find(b"endstream", found.end())
        kept.append(data[at : found.end()])
        at = len(data) if end < 0 else end
    return b"".join([*kept, data[at:]])
