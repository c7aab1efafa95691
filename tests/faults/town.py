"""A district with many families, and what every test of faults asks at its end."""

import datetime as dt
from collections import Counter
from dataclasses import dataclass

from django.db import connection
from django.utils import timezone

from consent import progress
from consent.models import Attempt, Delivery, Enrollment, Guardian, Guardianship, Notice, Student
from districts.models import AgreementVersion, ChoiceTerms
from tests import factories as f
from tests.consent.mail.post_office import PostOffice

CHILDREN = 280
PEOPLE = 2 * CHILDREN  # two guardians a child: a full batch of 500 and the beginning of another


@dataclass(frozen=True)
class Town:
    """A draft that asks every family for an answer."""

    version: AgreementVersion

    @property
    def notice(self) -> Notice:
        return Notice.objects.get(publication__version=self.version)


def make_town() -> Town:
    """Make a district of today with a draft ready to be published; every person has an address."""
    today = timezone.now().date()
    district = f.make_district()
    first = f.make_student(district, birth_date=today - dt.timedelta(days=9 * 365))
    school = first.enrollments.get().school
    students = Student.objects.bulk_create(
        Student(agency=district, roster_id=f"s{n}", shown_name="Sam", birth_date=first.birth_date)
        for n in range(CHILDREN - 1)
    )
    Enrollment.objects.bulk_create(
        Enrollment(student=student, school=school, grade="03") for student in students
    )
    students.append(first)
    people = Guardian.objects.bulk_create(
        Guardian(
            agency=district, roster_id=f"p{n}", given_name="Alice", email=f"p{n}@example.org", language="en"
        )
        for n in range(PEOPLE)
    )
    Guardianship.objects.bulk_create(
        Guardianship(guardian=person, student=students[n // 2], relation="mother", rights="decides")
        for n, person in enumerate(people)
    )
    begins = today - dt.timedelta(days=30)
    agreement = f.make_agreement(district, begins_on=begins, ends_on=today + dt.timedelta(days=700))
    version = f.make_draft(agreement, effective_from=today, sharing_starts_on=today + dt.timedelta(days=60))
    ChoiceTerms.objects.filter(version=version).update(answer_by=today + dt.timedelta(days=30))
    return Town(version)


def let_minutes_pass(minutes: int) -> None:
    """Move what is planned back by some minutes, as if they had passed: leases end, attempts come due."""
    with connection.cursor() as cursor:
        cursor.execute(
            """UPDATE consent_delivery
                  SET lease_until = lease_until - %(span)s::interval,
                      next_attempt_at = next_attempt_at - %(span)s::interval
                WHERE state IN ('due', 'leased')""",
            {"span": f"{minutes} minutes"},
        )


def states() -> Counter[str]:
    return Counter(Delivery.objects.values_list("state", flat=True))


def unfinished() -> int:
    return Delivery.objects.filter(state__in=["due", "leased"]).count()


def assert_everybody_is_in_one_end_state(town: Town, post_office: PostOffice, *, withheld: int = 0) -> None:
    """None is missing, none has two duties, each who was told was told by mail, and the sums meet."""
    notice = town.notice
    told = PEOPLE - withheld
    assert Guardian.objects.count() == PEOPLE
    assert Delivery.objects.values("guardian").distinct().count() == Delivery.objects.count() == PEOPLE
    assert notice.audience == PEOPLE
    assert states() == Counter(sent=told, withheld=withheld)  # Counters that differ by a zero are equal
    people = progress.classes(notice)["people"]
    assert people["accepted"] == told
    assert people["withheld"] == withheld
    assert sum(people.values()) == notice.audience
    heard = set(Delivery.objects.filter(state="sent").values_list("guardian__email", flat=True))
    assert heard <= set(post_office.recipients)
    assert Attempt.objects.filter(result="accepted").values("delivery").distinct().count() == told


def assert_repeats_are_the_same_messages(post_office: PostOffice, *, at_most: int) -> None:
    """A person got one message, or the same one again; no more than `at_most` messages came twice."""
    ids_of: dict[str, set[str]] = {}
    for address, message_id in zip(post_office.recipients, post_office.ids(), strict=True):
        ids_of.setdefault(address, set()).add(message_id)
    assert all(len(ids) == 1 for ids in ids_of.values())
    assert len({next(iter(ids)) for ids in ids_of.values()}) == len(ids_of)
    assert len(post_office.recipients) - len(ids_of) <= at_most
    marked = set(Attempt.objects.filter(result="accepted").values_list("message_id", flat=True))
    assert {f"<{message_id}>" for message_id in marked} <= set(post_office.ids())
