"""The rules of `districts.breach_rules` as constraints: what must be posted cannot be left off."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from ..breach_rules import LIST_BEGINS

LEFT_OFF_RULES = [
    models.CheckConstraint(
        condition=~Q(left_off_because="below_a_tenth")
        | Q(
            students_affected__isnull=False,
            enrollment__isnull=False,
            enrollment__gt=10 * F("students_affected"),
        ),
        name="only_less_than_a_tenth_is_left_off_as_such",
        violation_error_message=_("A tenth of the students or more, or a number not known, must be posted."),
    ),
    models.CheckConstraint(
        condition=~Q(left_off_because="before_july_2021")
        | Q(began_on__isnull=False, began_on__lt=LIST_BEGINS)
        & (Q(ended_on=None) | Q(ended_on__lt=LIST_BEGINS)),
        name="only_what_was_before_the_list_is_left_off_as_such",
        violation_error_message=_("Only a breach that was over by then may be left off for its day."),
    ),
]
