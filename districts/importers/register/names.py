"""Reads whom a row is about: a company and its products, several in one cell as people write them. Pure."""

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass, replace

LONGEST = 200
_APART = re.compile(r"\s+/\s+|\s*[;|\n]\s*")
_LISTED = re.compile(r",?\s+(?:and|&|y)\s+|\s*,\s+(?!(?:inc|llc|ltd|corp|co|pbc|lp)\b)", re.IGNORECASE)
_PARENTHESES = re.compile(r"\s*([^()]+?)\s*\(([^()]*)\)\s*")
_EARLIER_NAME = re.compile(r"\s*(?:formerly|previously|fka|f/k/a|now|aka|a\.?k\.?a\.?|also known as)\b", re.I)
_COMPANY = re.compile(
    r"(?:.*[\s,])?(?:inc|incorporated|llc|l\.l\.c|ltd|limited|corp|corporation|gmbh|plc|pbc|group)\.?", re.I
)
_FORMS = re.compile(
    r"[\s,]+(?:inc|incorporated|llc|l\.l\.c|ltd|limited|corp|corporation|pbc|lp)\.?\s*$", re.I
)
_NOBODY = re.compile(
    r"(?:none|no|n/?a|tbd|unknown|total|totals|updated|last updated|note|notes)\b(?!\w).*"
    r"|.*\b(?:vendor|company|provider)\s+(?:is\s+)?(?:unnamed|unknown|undisclosed|not\s+\w+)\b.*",
    re.IGNORECASE | re.DOTALL,
)


@dataclass(frozen=True)
class Name:
    """A company and its products; `doubt` is what of the cell nobody can say for certain."""

    vendor: str
    products: tuple[str, ...]
    title: str
    doubt: str = ""


def name_key(name: str) -> str:
    """Return a name without case, accents, signs, spaces and “Inc.”: under it a company is known again."""
    plain = unicodedata.normalize("NFKD", _FORMS.sub("", name).casefold())
    letters = "".join(letter for letter in plain if letter.isalnum() and not unicodedata.combining(letter))
    return letters or name.casefold().strip()


def says_nobody(cell: str) -> bool:
    """Tell whether a cell names no company, or says that there is none."""
    return _NOBODY.fullmatch(cell.strip()) is not None


def of_company(company: str, products: str) -> list[Name]:
    """Return the company of one column with the products of another."""
    listed = [piece for piece in _APART.split(products) if piece]
    title = " / ".join(listed) or company
    doubt = company if _APART.search(company) else ""
    return [Name(company, tuple(piece[:LONGEST] for piece in listed), title, doubt)]


def of_companies(cell: str, is_known: Callable[[str], bool]) -> list[Name]:
    """Return the companies of a cell beside which no product stands: it may name several."""
    names = in_one_cell(cell, is_known)
    return [replace(name, products=()) if name.products == (name.vendor,) else name for name in names]


def in_one_cell(cell: str, is_known: Callable[[str], bool]) -> list[Name]:
    """Return the companies of a cell that names products, or companies, or both.

    “A / B” and “A; B” are several. “A, B and C” are several if at least two of them, and half, are known by
    themselves; else it may be one name, and stays one. “A (B, Inc.)” is A of the company B.
    """
    if is_known(cell):
        return [Name(cell, (cell,), cell)]
    pieces = _outside_parentheses(cell, _APART)
    names = [name for piece in pieces for name in _listed(piece, is_known)]
    owners = _families(names)
    if len(owners) < 2:
        return owners
    # “Core5 / PowerUp / English”: what is nowhere by itself may be a product of its neighbour.
    return [
        owner if is_known(owner.vendor) else replace(owner, doubt=owner.doubt or cell) for owner in owners
    ]


def plain_name(cell: str) -> str:
    """Return the name of a cell that clearly holds one name and no more, else ""."""
    one = _EARLIER_NAME.match(match[2]) if (match := _PARENTHESES.fullmatch(cell)) else None
    name = match[1] if match and (one or _COMPANY.fullmatch(match[2].strip())) else cell
    is_plain = not _APART.search(name) and not _LISTED.search(name) and "(" not in name and "/" not in name
    return name.strip() if is_plain and not says_nobody(name) else ""


def _listed(piece: str, is_known: Callable[[str], bool]) -> list[Name]:
    if is_known(piece):
        return [Name(piece, (piece,), piece)]
    parts = _outside_parentheses(piece, _LISTED)
    if len(parts) > 1:
        known = sum(is_known(plain_name(part) or part) for part in parts)
        if known >= 2 and known * 2 >= len(parts):
            return [_single(part) for part in parts]
        return [Name(piece[:LONGEST], (piece[:LONGEST],), piece, doubt=piece)]
    return [_single(piece)]


def _single(piece: str) -> Name:
    match = _PARENTHESES.fullmatch(piece)
    if match is None:
        doubt = piece if "/" in piece or "(" in piece else ""
        return Name(piece[:LONGEST], (piece[:LONGEST],), piece, doubt)
    name, inside = match[1][:LONGEST], match[2].strip()
    if _COMPANY.fullmatch(inside) and len(inside) <= LONGEST:
        return Name(inside, (name,), piece)
    doubt = "" if _EARLIER_NAME.match(inside) else piece
    return Name(name, (name,), piece, doubt)


def _families(names: list[Name]) -> list[Name]:
    """Put “Clever / Clever Badges” together: a name that begins with another's name is of its company."""
    owners: list[Name] = []
    for name in sorted(names, key=lambda each: len(each.vendor)):
        for place, owner in enumerate(owners):
            if name.vendor.casefold().startswith(owner.vendor.casefold() + " "):
                joined = (*owner.products, *name.products)
                owners[place] = Name(
                    owner.vendor, joined, f"{owner.title} / {name.title}", owner.doubt or name.doubt
                )
                break
        else:
            owners.append(name)
    order = [name.vendor for name in names]
    return sorted(owners, key=lambda owner: order.index(owner.vendor))


def _outside_parentheses(text: str, separator: re.Pattern[str]) -> list[str]:
    pieces, start, depth = [], 0, 0
    depths = []
    for letter in text:
        depth += letter == "("
        depths.append(depth)
        depth -= letter == ")" and depth > 0
    for match in separator.finditer(text):
        if depths[match.start()] == 0 or depth:
            pieces.append(text[start : match.start()].strip(" ,"))
            start = match.end()
    pieces.append(text[start:].strip(" ,"))
    return [piece for piece in pieces if piece]
