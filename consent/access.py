"""Every look-up that starts from a family's request: it finds what that user may see today, or 404.

Somebody else's child, receipt or message does not exist for the asker: never a 403, never a hint.
"""

import datetime as dt
from dataclasses import dataclass
from uuid import UUID

from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.http import Http404
from django.urls import reverse

from districts.models import Agency

from . import claims
from .models import Decision, Delivery, Enrollment, Guardian, Student

Requester = AbstractBaseUser | AnonymousUser


@dataclass(frozen=True)
class Seat:
    """A guardian the user is tied to, in an agency, on that agency's calendar day."""

    guardian: Guardian
    agency: Agency
    today: dt.date


@dataclass(frozen=True)
class ChildSeat:
    """A child the user may decide for today, and as which guardian."""

    student: Student
    seat: Seat
    schools: tuple[tuple[str, str], ...]  # (school, grade)
    has_others: bool = False  # the mailbox acts for another guardian of this child too

    def address(self, name: str, *more: object) -> str:
        """Return the address of a page about this child; it says as whom, where that is not plain."""
        url = reverse(name, args=[self.student.public_id, *more])
        return f"{url}?as={self.seat.guardian.public_id}" if self.has_others else url

    @property
    def is_self(self) -> bool:
        """Tell whether the student decides in person (34 CFR 99.5)."""
        return self.student.eligible_on is not None and self.student.eligible_on <= self.seat.today


def seats(user: Requester, now: dt.datetime) -> list[Seat]:
    """Return the guardians a signed-in user is tied to by a claim in force."""
    mine = claims.guardians_of(user_id=user.pk, now=now)
    guardians = Guardian.objects.filter(pk__in=mine, ended_on=None).select_related("agency")
    return [Seat(g, g.agency, g.agency.today(now)) for g in guardians.order_by("pk")]


def children(user: Requester, now: dt.datetime) -> list[ChildSeat]:
    """Return the children the user may decide for today, in as many queries for any number of them.

    Two guardians may share a mailbox: each decides for themself, so the child is there once for each.
    """
    by_guardian = {seat.guardian.pk: seat for seat in seats(user, now)}
    seats_at: dict[int, list[Seat]] = {}
    with connection.cursor() as cursor:
        for day in {seat.today for seat in by_guardian.values()}:
            ids = [pk for pk, seat in by_guardian.items() if seat.today == day]
            cursor.execute(
                "SELECT student_id, guardian_id FROM consent_entitled(%s) WHERE guardian_id = ANY(%s)"
                " ORDER BY guardian_id",
                [day, ids],
            )
            for student_id, guardian_id in cursor.fetchall():
                seats_at.setdefault(student_id, []).append(by_guardian[guardian_id])
    schools: dict[int, list[tuple[str, str]]] = {}
    for student_id, school, grade in (
        Enrollment.objects.filter(student__in=seats_at, ended_on=None)
        .order_by("school__name")
        .values_list("student_id", "school__name", "grade")
    ):
        schools.setdefault(student_id, []).append((school, grade))
    return [
        ChildSeat(student, seat, tuple(schools.get(student.pk, ())), len(seats_at[student.pk]) > 1)
        for student in Student.objects.filter(pk__in=seats_at).order_by("shown_name", "pk")
        for seat in seats_at[student.pk]
    ]


def child_or_404(user: Requester, public_id: UUID, now: dt.datetime, *, as_whom: str = "") -> ChildSeat:
    """Return one child the user may decide for today, as the guardian with that id if one is named."""
    for child in children(user, now):
        if child.student.public_id == public_id and as_whom in ("", str(child.seat.guardian.public_id)):
            return child
    raise Http404


def receipt_or_404(user: Requester, public_id: UUID, now: dt.datetime) -> tuple[Decision, ChildSeat]:
    """Return an answer the user gave (as a guardian still entitled to the child today)."""
    decision = (
        Decision.objects.select_related(
            "student",
            "question__agreement__vendor",
            "question__category",
            "question_version__version",
            "decider",
            "shown",
        )
        .filter(public_id=public_id)
        .first()
    )
    if decision is None:
        raise Http404
    as_whom = str(decision.decider.public_id)
    return decision, child_or_404(user, decision.student.public_id, now, as_whom=as_whom)


def delivery_or_404(user: Requester, public_id: UUID, now: dt.datetime) -> Delivery:
    """Return a message that went to one of the user's guardians."""
    mine = [seat.guardian.pk for seat in seats(user, now)]
    delivery = (
        Delivery.objects.select_related("notice__publication__agreement", "decision")
        .filter(public_id=public_id, guardian__in=mine)
        .first()
    )
    if delivery is None:
        raise Http404
    return delivery
