"""The shapes in which the story is written; days are counted from the day the demo is filled."""

from dataclasses import dataclass, field

from districts.models import Basis


@dataclass(frozen=True)
class Data:
    """Lines of an agreement that share everything but the element."""

    elements: tuple[str, ...]
    purpose: str
    basis: Basis = Basis.SCHOOL_OFFICIAL
    kept: str = "after_agreement"
    kept_days: int | None = 60
    recipients: tuple[str, ...] = ()
    source: str = "school_record"
    detail: str = ""


@dataclass(frozen=True)
class Choice:
    """What stands beside a choice, in English and Spanish: if yes, if no, if silent, data already sent."""

    category: str
    basis: Basis
    answer_in: int
    en: tuple[str, str, str, str]
    es: tuple[str, str, str, str]


@dataclass(frozen=True)
class Promises:
    """What the agreement promises: code -> (answer, days, clause); `reader` read it."""

    answers: dict[str, tuple[str, int | None, str]] = field(default_factory=dict)
    reader: str = "Dana Whitlock, Privacy Officer"


@dataclass(frozen=True)
class Edition:
    """One version of an agreement."""

    effective: int
    data: tuple[Data, ...]
    sharing: int | None = None
    choices: tuple[Choice, ...] = ()
    summary: str = ""
    why: str = ""
    cost: str = ""
    signer: str = ""
    who_decided: str = ""
    promises: Promises | None = None
    subcontractors: tuple[tuple[str, str, str], ...] | None = ()
    grades: tuple[str, ...] = ()
    programs: tuple[str, ...] = ()
    standing_note: str = ""
    short_notice: str = ""
    left_as_draft: bool = False


@dataclass(frozen=True)
class Company:
    """A company and its agreement with one agency."""

    name: str
    summary: str
    agency: str
    title: str
    editions: tuple[Edition, ...]
    legal_name: str = ""
    kind: str = "for_profit"
    address: str = ""
    product: str = ""
    begins: int | None = -400
    ends: int | None = 500
    agreement_kind: str = "contract"
    state: str = "signed"
    joined_by: tuple[str, ...] = ()
    required_of: tuple[str, ...] = ()
    owner: tuple[str, int | None] | None = None
    in_use_before_this_site: bool = False


FULL_PROMISES = Promises(
    {
        "no_sale": ("yes", None, "5.1"),
        "no_advertising": ("yes", None, "5.2"),
        "no_profiling": ("yes", None, "5.3"),
        "no_ai_training": ("not_stated", None, ""),
        "not_to_colleges": ("yes", None, "5.4"),
        "encryption": ("yes", None, "7.1"),
        "breach_notice": ("yes", 30, "8.2"),
        "deletion": ("yes", 60, "4.2"),
        "liability": ("unclear", None, "11"),
    }
)
