"""Why an answer is not taken, in the words of the domain."""

from django.db import IntegrityError

from .models import Decision


class AnswerRefused(Exception):
    """An answer, question or objection is not taken; nothing was stored."""


class NotEntitled(AnswerRefused):
    """This person may not decide for this child today."""


class NoChoice(AnswerRefused):
    """There is no such choice for this child: the legal ground leaves none, or it does not concern it."""


class StalePage(AnswerRefused):
    """The page was out of date: show it again with what is new."""


class AlreadyVoided(AnswerRefused):
    """The answer was voided before."""


class AlreadyAnswered(AnswerRefused):
    """The same answer to the same lines already stands, as `decision`."""

    def __init__(self, decision: Decision) -> None:
        super().__init__(decision.pk)
        self.decision = decision


def broken_constraint(error: IntegrityError) -> str:
    """Return the name of the constraint a database error broke, or ''."""
    diagnosis = getattr(error.__cause__, "diag", None)
    return getattr(diagnosis, "constraint_name", "") or ""
