"""What parents may ask of a district and of its companies, under federal law and under a state's."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class Right:
    """One right: what it is called, what one may ask, and the place in the law that says so."""

    title: Any
    says: Any
    citation: str


#: Everywhere in the United States.
EVERYWHERE = (
    Right(
        _("See the records"),
        _("You can ask to see your child’s school records. The school must let you see them within 45 days."),
        "34 CFR 99.10",
    ),
    Right(
        _("Fix what is wrong"),
        _("You can ask the school to fix a record that is wrong. If it says no, you can ask for a hearing."),
        "34 CFR 99.20, 99.21",
    ),
)

#: Law profile -> what the state's law adds, and where it says more, what it says instead.
BY_PROFILE = {
    "us-il": (
        Right(
            _("See the data"),
            _("You can ask to see the data about your child, at the school or at a company."),
            "105 ILCS 85/33(c)(1)",
        ),
        Right(
            _("Get a copy"),
            _("You can ask for a copy, on paper or as a file. The school must give it within 45 days."),
            "105 ILCS 85/33(c)(2); 23 Ill. Adm. Code 380.20",
        ),
        Right(
            _("Fix what is wrong"),
            _("You can ask the school to fix what is wrong. It has 90 days to do it or have it done."),
            "105 ILCS 85/33(c)(3)",
        ),
        Right(
            _("Delete it"),
            _("You can ask to have data at a company deleted. The school may have to keep some by law."),
            "105 ILCS 85/27",
        ),
    ),
}


@dataclass(frozen=True)
class Rights:
    """The rights under a law profile; `form` tells whether the law says what a request must hold."""

    rights: tuple[Right, ...]
    form: bool


def rights_under(profile: str) -> Rights:
    """Return what parents may ask under a law profile; one without its own list has what holds everywhere.

    What a request must hold is 23 Ill. Adm. Code 380.20(b).
    """
    return Rights(BY_PROFILE.get(profile, EVERYWHERE), profile == "us-il")
