"""Which clauses a state's law asks an agreement for. Pure: a table a lawyer can read, no database, no clock.

A law that is amended is one line here. The citation names the section, not its paragraph, since states number
these anew when they amend.
"""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class Clause:
    """One thing an agreement has to say: its code, what it is in plain words, the place in the law."""

    code: str
    says: Any
    citation: str


_FERPA = (
    Clause("ferpa-function", _("It does work that the school would do itself."), "34 CFR 99.31(a)(1)(i)(B)"),
    Clause("ferpa-control", _("The school stays in control of the data."), "34 CFR 99.31(a)(1)(i)(B)"),
    Clause(
        "ferpa-redisclosure", _("The company may not pass the data on for other ends."), "34 CFR 99.33(a)"
    ),
)

#: Law profile -> the clauses its law asks for. Under any other profile federal law alone is asked.
CLAUSES: dict[str, tuple[Clause, ...]] = {
    "us-il": (
        Clause("il-categories", _("Which kinds of data it is about."), "105 ILCS 85/15(4)"),
        Clause("il-product", _("Which product or service it is about."), "105 ILCS 85/15(4)"),
        Clause(
            "il-school-official",
            _("The company acts for the school and only for the purpose named."),
            "105 ILCS 85/15(4)",
        ),
        Clause("il-breach-costs", _("Who pays when data gets out."), "105 ILCS 85/15(4)"),
        Clause("il-deletion", _("When the data is deleted or given back."), "105 ILCS 85/15(4)"),
        Clause("il-publication", _("The school may publish the agreement."), "105 ILCS 85/15(4)"),
    ),
    "us-ct": (
        Clause(
            "ct-not-property", _("The data does not belong to the company."), "Conn. Gen. Stat. 10-234bb(a)"
        ),
        Clause("ct-deletion", _("The school can have the data deleted."), "Conn. Gen. Stat. 10-234bb(a)"),
        Clause(
            "ct-use", _("The data is used only for what the agreement names."), "Conn. Gen. Stat. 10-234bb(a)"
        ),
        Clause("ct-correction", _("Families can see and correct the data."), "Conn. Gen. Stat. 10-234bb(a)"),
        Clause("ct-security", _("The company keeps the data safe."), "Conn. Gen. Stat. 10-234bb(a)"),
        Clause("ct-breach", _("What the company does when data gets out."), "Conn. Gen. Stat. 10-234bb(a)"),
        Clause(
            "ct-no-retention",
            _("The company keeps nothing after the agreement ends."),
            "Conn. Gen. Stat. 10-234bb(a)",
        ),
        Clause(
            "ct-ferpa", _("Both sides follow federal school privacy law."), "Conn. Gen. Stat. 10-234bb(a)"
        ),
        Clause("ct-law", _("The law of Connecticut counts."), "Conn. Gen. Stat. 10-234bb(a)"),
        Clause(
            "ct-severability", _("If one part falls, the rest still counts."), "Conn. Gen. Stat. 10-234bb(a)"
        ),
    ),
    "us-ny": (
        Clause("ny-purposes", _("The only purposes the data is used for."), "8 NYCRR 121.3(c)"),
        Clause(
            "ny-subcontractors", _("How other companies are bound to the same rules."), "8 NYCRR 121.3(c)"
        ),
        Clause("ny-end", _("When it ends, and what happens to the data then."), "8 NYCRR 121.3(c)"),
        Clause("ny-accuracy", _("How a family can say that data is wrong."), "8 NYCRR 121.3(c)"),
        Clause("ny-where", _("Where the data is kept, and how it is kept safe."), "8 NYCRR 121.3(c)"),
        Clause("ny-encryption", _("That the data is locked (encryption)."), "8 NYCRR 121.3(c)"),
    ),
    "us-ca": (
        Clause("ca-property", _("The data belongs to the school."), "Cal. Educ. Code 49073.1(b)"),
        Clause("ca-own-content", _("Students can keep what they made."), "Cal. Educ. Code 49073.1(b)"),
        Clause(
            "ca-use",
            _("The data is used only for what the agreement names."),
            "Cal. Educ. Code 49073.1(b)",
        ),
        Clause("ca-correction", _("Families can see and correct the data."), "Cal. Educ. Code 49073.1(b)"),
        Clause("ca-security", _("The company keeps the data safe."), "Cal. Educ. Code 49073.1(b)"),
        Clause("ca-breach", _("What the company does when data gets out."), "Cal. Educ. Code 49073.1(b)"),
        Clause(
            "ca-no-retention",
            _("The company keeps nothing after the agreement ends."),
            "Cal. Educ. Code 49073.1(b)",
        ),
        Clause("ca-ferpa", _("Both sides follow federal school privacy law."), "Cal. Educ. Code 49073.1(b)"),
        Clause("ca-no-ads", _("No ads aimed at students from the data."), "Cal. Educ. Code 49073.1(b)"),
    ),
}


def clauses_for(law_profile: str) -> tuple[Clause, ...]:
    """Return the clauses an agreement of an agency under this profile has to have, the state's first."""
    return CLAUSES.get(law_profile, ()) + _FERPA
