"""What stands on a letter: one page, the family's language or the district's two, a code, a slip."""

import base64
import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace
from io import BytesIO
from urllib.parse import urlsplit

from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext as _

from districts.models import Agency

from . import pdf
from .mail.build import OFFERS, address, language_of, rights_address
from .mail.wording import Wording
from .words import day_words

SIZES = ("", "smaller", "smallest")  # a letter is one page: long words are set smaller before any is left out
MOST_CHILDREN_ON_A_SLIP = 4
MOST_LINES_IN_THE_WINDOW = 5


class LetterTooLongError(RuntimeError):
    """The words of a letter do not fit one page, set as small as may be read."""


@dataclass(frozen=True)
class Letter:
    """One letter to one person, carrying one or more deliveries."""

    deliveries: tuple[int, ...]
    guardian_id: int
    name: str
    address: tuple[str, ...]
    words: tuple[tuple[str, Wording], ...]  # one language, or two side by side
    code: str
    expires_on: dt.date
    children: int
    reference: str


def languages_of(preferred: str, agency: Agency) -> list[str]:
    """Return the person's language, or the district's two main ones where it is unknown or not ours."""
    base = preferred.lower().partition("-")[0]
    if base in OFFERS:
        return [base]
    spoken = [code for code in agency.languages if code.lower().partition("-")[0] in OFFERS]
    return list(dict.fromkeys(language_of(code, agency) for code in spoken))[:2] or [language_of("", agency)]


def lay_out(letter: Letter, agency: Agency, today: dt.date) -> pdf.Sheet:
    """Lay a letter out on one page; facts that still do not fit are on the page its code opens.

    Raises LetterTooLongError, pdf.PdfUnavailableError.
    """
    for candidate in (letter, _without_details(letter)):
        for size in SIZES[len(letter.words) - 1 :]:  # two languages never fit in the largest
            sheet = pdf.on_one_page(html_of(candidate, agency, today, size=size))
            if sheet is not None:
                return sheet
    raise LetterTooLongError(letter.reference)


def _without_details(letter: Letter) -> Letter:
    short = tuple(
        (language, replace(words, facts_title="", facts=(), paragraphs=words.paragraphs[:1]))
        for language, words in letter.words
    )
    return replace(letter, words=short)


def html_of(letter: Letter, agency: Agency, today: dt.date, *, size: str = "") -> str:
    """Return a letter as HTML."""
    columns = [_column(language, words, letter, agency, today) for language, words in letter.words]
    return render_to_string(
        "letters/letter.html",
        {
            "district": agency,
            "sender": agency.postal_address.splitlines(),
            "name": letter.name,
            "address": letter.address,
            "columns": columns,
            "code": letter.code,
            "slip": all(words.one_question for _language, words in letter.words),
            "children": range(min(letter.children, MOST_CHILDREN_ON_A_SLIP)),
            "reference": letter.reference,
            "size": size,
        },
    )


def short_address(language: str) -> str:
    """Return the address where a letter's code is typed; it never holds the code itself."""
    return address(language, "/family/letter/")


def qr_of(address: str) -> str:
    """Return a QR code of an address as a data: picture."""
    import qrcode.image.svg  # with its pictures' library; mail workers do without

    out = BytesIO()
    qrcode.make(address, image_factory=qrcode.image.svg.SvgPathImage, border=1).save(out)
    return "data:image/svg+xml;base64," + base64.b64encode(out.getvalue()).decode()


def _column(
    language: str, words: Wording, letter: Letter, agency: Agency, today: dt.date
) -> dict[str, object]:
    typed_in = short_address(language)
    with translation.override(language):
        return {
            "language": language,
            "words": words,
            "date": day_words(today),
            "expires": day_words(letter.expires_on),
            "short_address": _without_scheme(typed_in),
            "qr": qr_of(typed_in),
            "rights_address": _without_scheme(rights_address(language, agency)),
            "child": _("Child’s first name") if not words.is_for_student else _("Your name"),
        }


def _without_scheme(address: str) -> str:
    parts = urlsplit(address)
    return f"{parts.netloc}{parts.path}".rstrip("/")


def address_lines(*, postal: str, is_confidential: bool, school: str, language: str) -> Sequence[str]:
    """Return what stands below the name: the postal address, or that the letter is handed over at school.

    A confidential address is never printed on what passes through many hands.
    """
    if postal.strip() and not is_confidential:
        return [line.strip() for line in postal.splitlines() if line.strip()][:MOST_LINES_IN_THE_WINDOW]
    with translation.override(language):
        return [_("To be handed over at school"), *([school] if school else [])]
