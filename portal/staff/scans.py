"""Scans of answers on paper: a PDF or a picture by its first bytes, kept where no address reaches it."""

from django.core.files.uploadedfile import UploadedFile

LARGEST = 20 * 1024 * 1024  # bytes
BEGINNINGS = {b"%PDF-": ".pdf", b"\xff\xd8\xff": ".jpg", b"\x89PNG\r\n\x1a\n": ".png"}


class ScanRefused(Exception):
    """The file is too big, or neither PDF nor JPEG nor PNG."""


def checked_suffix(file: UploadedFile) -> str:
    """Return the ending that fits what the file really is. Raises ScanRefused."""
    first = file.read(16)
    file.seek(0)
    if (file.size or 0) <= LARGEST:
        for beginning, suffix in BEGINNINGS.items():
            if first.startswith(beginning):
                return suffix
    raise ScanRefused(file.size)
