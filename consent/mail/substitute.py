"""A message built once as bytes, into which each person's own parts are put at fixed places.

Rendering a template and assembling MIME for every person costs three hundred times as much. So a message is
rendered once per language with marks in it, cut at the marks, and joined again around each person's values.
Each value is encoded for the place it goes to, which is what keeps a name from becoming a header or a tag.
"""

import re
import secrets
from base64 import b64encode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from email import policy
from email.message import EmailMessage
from enum import Enum
from html import escape

CRLF = b"\r\n"
SOFT_BREAK = b"=\r\n"
QP_LINE = 75  # octets before the "=" of a soft break (RFC 2045, 6.7: at most 76 with it)
WORD_OCTETS = 42  # octets of UTF-8 in one encoded word: 56 in base64, well below 75 (RFC 2047, 2)

# What needs no encoding anywhere: neither in quoted-printable nor in HTML.
PLAIN = re.compile(r"(?=.{0,70}\Z)[A-Za-z0-9/:._-]*(?: [A-Za-z0-9/:._-]+)*")
ATOMS = re.compile(r"(?=.{1,60}\Z)[A-Za-z0-9]+(?: [A-Za-z0-9]+)*")
# One header's value, perhaps folded: printable ASCII, and a line break only before a blank.
HEADER_VALUE = re.compile(r"[\x20-\x7e]+(?:\r\n [\x20-\x7e]+)*")
LOCAL_PART = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*"
LABEL = r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
ADDRESS = re.compile(rf"(?=.{{3,254}}\Z)(?=.{{1,64}}@){LOCAL_PART}@{LABEL}(?:\.{LABEL})+")
# Control and format characters (line and paragraph separators too) never belong in a name.
CONTROLS = re.compile(
    "[\x00-\x1f\x7f-\x9f\u2028\u2029\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff\ud800-\udfff]+"
)

_QP = [
    bytes([octet]) if octet == 32 or (33 <= octet <= 126 and octet != 61) else b"=%02X" % octet
    for octet in range(256)
]


class UnsafeValueError(ValueError):
    """A value that may not go where it was meant to go."""


class Place(Enum):
    """Where in a message a value goes; it is encoded for that place."""

    HEADER = "header"
    TEXT = "text"
    HTML = "html"


class Marks:
    """The marks that stand for a person's values while a message is rendered.

    A mark is letters and digits, so no template filter, escaping or line wrapping changes it; it is random,
    so no text of a district can hold one.
    """

    def __init__(self, names: Sequence[str]) -> None:
        self.names = tuple(names)
        self._marks = {name: f"mark{secrets.token_hex(12)}end" for name in self.names}
        self._pattern = re.compile("(" + "|".join(self._marks.values()) + ")")
        self._name_of = {mark: name for name, mark in self._marks.items()}

    def __getitem__(self, name: str) -> str:
        return self._marks[name]

    def cut(self, words: str) -> list[tuple[str, str]]:
        """Return the words in pieces, each with the name of the value that follows it (the last has none)."""
        parts = self._pattern.split(words)
        names = [self._name_of[mark] for mark in parts[1::2]] + [""]
        return list(zip(parts[::2], names, strict=True))


@dataclass(frozen=True)
class Prepared:
    """A message in pieces: after `pieces[i]` comes the value of `slots[order[i]]`; nothing after the last."""

    pieces: tuple[bytes, ...]
    slots: tuple[tuple[str, Place], ...]  # each value once per place it is encoded for
    order: tuple[int, ...]

    def fill(self, values: Mapping[str, str]) -> bytes:
        """Return one person's message, CRLF line ends, ready for the mail server.

        Raises UnsafeValueError for a header value with a line break or a character that is not ASCII.
        """
        encoded = [_encode(values[name], place) for name, place in self.slots]
        parts = [b""] * (2 * len(self.pieces) - 1)
        parts[0::2] = self.pieces
        parts[1::2] = [encoded[index] for index in self.order]
        return b"".join(parts)


def prepare(
    *, headers: Mapping[str, str], own_headers: Mapping[str, str], text: str, html: str, marks: Marks
) -> Prepared:
    """Return a multipart/alternative message, cut at its marks.

    `headers` are the same for everybody; `own_headers` names, per header, the value that fills it.
    """
    boundary = b"=_" + secrets.token_hex(12).encode()  # "=_" never stands in quoted-printable
    cutter = _Cutter()
    cutter.add(_static_headers(headers))
    for header, name in own_headers.items():
        cutter.add(header.encode("ascii") + b": ")
        cutter.slot(name, Place.HEADER)
        cutter.add(CRLF)
    cutter.add(
        b'MIME-Version: 1.0\r\nContent-Type: multipart/alternative; boundary="' + boundary + b'"\r\n\r\n'
    )
    for kind, words, place in (("plain", text, Place.TEXT), ("html", html, Place.HTML)):
        cutter.add(
            b"--" + boundary + CRLF + f"Content-Type: text/{kind}; charset=utf-8\r\n".encode()
            + b"Content-Transfer-Encoding: quoted-printable\r\n\r\n"
        )  # fmt: skip
        for piece, name in marks.cut(words.strip() + "\n"):
            cutter.add(quoted_printable(piece))
            if name:
                # A soft break before and after: however long the value, no line of the body grows.
                cutter.add(SOFT_BREAK)
                cutter.slot(name, place)
                cutter.add(SOFT_BREAK)
        cutter.add(CRLF)
    cutter.add(b"--" + boundary + b"--\r\n")
    return cutter.prepared()


def mailbox(name: str, address: str) -> str:
    """Return `name <address>` for a header, the name encoded where it is not plain ASCII.

    Raises UnsafeValueError for an address no mail server would take.
    """
    address = ascii_address(address)
    if ATOMS.fullmatch(name):
        return f"{name} <{address}>"
    name = clean(name)
    if not name:
        return address
    return "\r\n ".join([*_encoded_words(name), f"<{address}>"])


def ascii_address(address: str) -> str:
    """Return the address in ASCII, its domain in punycode.

    Raises UnsafeValueError where that cannot be: quotes, blanks, an accent before the @.
    """
    if ADDRESS.fullmatch(address):
        return address
    local, at, domain = address.rpartition("@")
    try:
        candidate = f"{local}{at}{domain.encode('idna').decode('ascii')}"
    except UnicodeError:
        candidate = ""
    if not ADDRESS.fullmatch(candidate):
        raise UnsafeValueError("not an address a mail server takes")
    return candidate


def clean(value: str) -> str:
    """Return a value on one line: no control or direction characters, no blanks around it."""
    return " ".join(CONTROLS.sub(" ", value).split())


def quoted_printable(words: str) -> bytes:
    """Return the words in quoted-printable, CRLF line ends, no line longer than 76 octets."""
    return CRLF.join(_qp_line(line) for line in words.replace("\r\n", "\n").split("\n"))


def _encode(value: str, place: Place) -> bytes:
    if place is Place.HEADER:
        if not HEADER_VALUE.fullmatch(value):
            raise UnsafeValueError("a header value with a line break or a character that is not ASCII")
        return value.encode("ascii")
    if " " in value:
        value = clean(value)
    if PLAIN.fullmatch(value):
        return value.encode("ascii")
    value = clean(value)
    return quoted_printable(escape(value) if place is Place.HTML else value)


def _qp_line(line: str) -> bytes:
    tokens = [_QP[octet] for octet in line.encode("utf-8")]
    if tokens and tokens[-1] in (b" ", b"\t"):
        tokens[-1] = b"=20" if tokens[-1] == b" " else b"=09"  # a mail server may strip them at a line's end
    lines: list[bytes] = []
    current: list[bytes] = []
    length = 0
    for token in tokens:
        if length + len(token) > QP_LINE:
            lines.append(b"".join(current))
            current, length = [], 0
        current.append(token)
        length += len(token)
    return SOFT_BREAK.join([*lines, b"".join(current)])


def _encoded_words(name: str) -> list[str]:
    """Return a name as encoded words (RFC 2047), each cut between two characters."""
    chunks, current = [], b""
    for character in name:
        octets = character.encode("utf-8")
        if len(current) + len(octets) > WORD_OCTETS:
            chunks.append(current)
            current = b""
        current += octets
    return [f"=?utf-8?b?{b64encode(chunk).decode()}?=" for chunk in [*chunks, current]]


def _static_headers(headers: Mapping[str, str]) -> bytes:
    message = EmailMessage(policy=policy.SMTP)
    for name, value in headers.items():
        message[name] = value if name in ("From", "Reply-To") else clean(value)
    return message.as_bytes().removesuffix(CRLF)


class _Cutter:
    """Collects bytes and slots in order."""

    def __init__(self) -> None:
        self._pieces = [b""]
        self._slots: dict[tuple[str, Place], int] = {}
        self._order: list[int] = []

    def add(self, octets: bytes) -> None:
        self._pieces[-1] += octets

    def slot(self, name: str, place: Place) -> None:
        self._order.append(self._slots.setdefault((name, place), len(self._slots)))
        self._pieces.append(b"")

    def prepared(self) -> Prepared:
        return Prepared(pieces=tuple(self._pieces), slots=tuple(self._slots), order=tuple(self._order))
