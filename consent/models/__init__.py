"""The nouns of the private room: families, what they are told, what they answer."""

from .accounts import Claim, ClaimCode
from .decisions import (
    Decision,
    EffectiveState,
    Fulfilment,
    Objection,
    ObjectionReply,
    Question,
    QuestionVersion,
    Shown,
    Voiding,
)
from .deliveries import Attempt, Bundle, Delivery, LetterRun, ProviderReport
from .families import Enrollment, Guardian, Guardianship, Hold, RosterLoad, Student
from .notices import Announcement, CatchUp, Notice

__all__ = [
    "Announcement",
    "Attempt",
    "Bundle",
    "CatchUp",
    "Claim",
    "ClaimCode",
    "Decision",
    "Delivery",
    "EffectiveState",
    "Enrollment",
    "Fulfilment",
    "Guardian",
    "Guardianship",
    "Hold",
    "LetterRun",
    "Notice",
    "Objection",
    "ObjectionReply",
    "ProviderReport",
    "Question",
    "QuestionVersion",
    "RosterLoad",
    "Shown",
    "Student",
    "Voiding",
]
