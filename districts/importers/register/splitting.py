"""Takes a cell that lists data apart into its words, without losing one. Pure."""

import re
from dataclasses import dataclass

#: These part what does not belong together; a comma parts a list in which one word may explain the next.
_STRONG = re.compile(r"[;|\n\r\t•·●▪◦‣]+")
_BULLET = re.compile(r"\s*(?:[-–—*]|\(?\d{1,2}[.)])\s+")
_WEAK = re.compile(r",(?!\d{3}\b)")
_EXPLAINS = re.compile(
    r"(?:including|includes|such as|like|e\.?g\.?|i\.?e\.?|for example|namely|por ejemplo)\b", re.IGNORECASE
)
_LEADING = re.compile(r"(?:and|or|&|y|o)\s+", re.IGNORECASE)
_NOTHING = re.compile(r"(?:etc|et cetera|and so on|and more|etcétera)\.?", re.IGNORECASE)
_TRAILING_ETC = re.compile(r",?\s*(?:\b(?:etc|et cetera|etcétera)\.?|\(etc\.?\))$", re.IGNORECASE)
_OPEN, _CLOSED = "([{", ")]}"


@dataclass(frozen=True)
class Part:
    """Words for one kind of data (or several); `block` numbers the list they stand in."""

    words: str
    block: int


def split_elements(cell: str) -> list[Part]:
    """Return the words a cell lists, in order. Parentheses and what “including” explains stay whole."""
    parts: list[Part] = []
    for block, text in enumerate(_apart(cell, _STRONG)):
        for piece in _apart(_BULLET.sub("", text, count=1) if _BULLET.match(text) else text, _WEAK):
            words = " ".join(piece.split()).strip(" .,:")
            explains = _EXPLAINS.match(words)
            if explains and parts and parts[-1].block == block:
                parts[-1] = Part(f"{parts[-1].words}, {words}", block)
                continue
            if match := _LEADING.match(words):
                words = words[match.end() :]
            words = _TRAILING_ETC.sub("", words).strip(" .,:")
            if words and not _NOTHING.fullmatch(words) and re.search(r"\w", words):
                parts.append(Part(words, block))
    return parts


def _apart(text: str, separator: re.Pattern[str]) -> list[str]:
    """Split a text, but never inside parentheses that close again."""
    pieces, start = [], 0
    inside = _inside_parentheses(text)
    for match in separator.finditer(text):
        if not inside[match.start()]:
            pieces.append(text[start : match.start()])
            start = match.end()
    pieces.append(text[start:])
    return pieces


def _inside_parentheses(text: str) -> list[bool]:
    """Return for each letter whether it stands inside a pair of parentheses."""
    inside = [False] * len(text)
    opened: list[int] = []
    for place, letter in enumerate(text):
        if letter in _OPEN:
            opened.append(place)
        elif letter in _CLOSED and opened:
            begin = opened.pop()
            if not opened:
                inside[begin : place + 1] = [True] * (place + 1 - begin)
    return inside
