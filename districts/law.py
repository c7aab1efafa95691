"""Legal bases of sharing, and the control each one leaves a family.

Pure: no Django models, no database, no clock. The control follows from the basis on the server;
no page may offer more than this table does (an opt-out shown for a basis without one would be untrue).
"""

from enum import StrEnum

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Control(StrEnum):
    """What a family may do about one line of sharing."""

    OPT_IN = "opt_in"
    OPT_OUT = "opt_out"
    INFORM = "inform"


class Basis(TextChoices):
    """The legal ground of a sharing."""

    CONSENT = "consent", _("Only with a parent's yes (34 CFR 99.30)")
    STATE_OPTIONAL = "state_optional", _("State law asks for a parent's yes")
    PPRA_CONSENT = "ppra_consent", _("Survey that needs a parent's yes (20 U.S.C. 1232h)")
    COPPA_PARENT = "coppa_parent", _("Service for children under 13 that needs a parent's yes (16 CFR 312)")
    CT_IEP_EXCEPTION = (
        "ct_iep_exception",
        _("Special education tool by agreement (Conn. Gen. Stat. 10-234bb)"),
    )
    ELECTIVE_IN = "elective_in", _("Optional tool: the district asks first")
    PPRA_OPTOUT = "ppra_optout", _("Survey a parent may refuse (20 U.S.C. 1232h)")
    DIRECTORY = "directory", _("Directory information (34 CFR 99.37)")
    ELECTIVE_OUT = "elective_out", _("Optional tool: a parent may say no")
    SCHOOL_OFFICIAL = "school_official", _("Needed to run the school (34 CFR 99.31(a)(1))")
    COPPA_SCHOOL = "coppa_school", _("The school agreed for class use (16 CFR 312)")
    STUDIES = "studies", _("Study for the school (34 CFR 99.31(a)(6))")
    AUDIT = "audit", _("Audit or evaluation (34 CFR 99.31(a)(3))")
    REQUIRED_BY_LAW = "required_by_law", _("Required by law")
    HEALTH_SAFETY = "health_safety", _("Health or safety emergency (34 CFR 99.36)")
    TRANSFER = "transfer", _("Move to another school (34 CFR 99.34)")
    LAW_ENFORCEMENT = "law_enforcement", _("Court order or police (34 CFR 99.31(a)(9))")


_OPT_IN = frozenset(
    {
        Basis.CONSENT,
        Basis.STATE_OPTIONAL,
        Basis.PPRA_CONSENT,
        Basis.COPPA_PARENT,
        Basis.CT_IEP_EXCEPTION,
        Basis.ELECTIVE_IN,
    }
)
_OPT_OUT = frozenset({Basis.PPRA_OPTOUT, Basis.DIRECTORY, Basis.ELECTIVE_OUT})

BASES_WITH_A_CHOICE: tuple[str, ...] = tuple(b.value for b in Basis if b in _OPT_IN | _OPT_OUT)
OPT_IN_BASES: tuple[str, ...] = tuple(b.value for b in Basis if b in _OPT_IN)
OPT_OUT_BASES: tuple[str, ...] = tuple(b.value for b in Basis if b in _OPT_OUT)


def control_of(basis: str) -> Control:
    """Return the control a basis leaves a family.

    Raises ValueError for a basis that is not in the table: an unknown ground never becomes a choice.
    """
    known = Basis(basis)
    if known in _OPT_IN:
        return Control.OPT_IN
    if known in _OPT_OUT:
        return Control.OPT_OUT
    return Control.INFORM
