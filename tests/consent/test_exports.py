"""The export says what is permitted, and lets nobody tell a No from a stranger."""

import csv
import datetime as dt
import io
import tracemalloc
import uuid

import pytest
from django.core.management import CommandError, call_command

from consent import exports
from districts.models import Agreement, Basis
from tests import factories as f
from tests.consent.answering import answer, freeze
from tests.consent.worlds import ADDRESS, OFFICIAL, World

pytestmark = pytest.mark.django_db

BUS = ("bus-stop", "contact", Basis.SCHOOL_OFFICIAL)


def exported(world: World, today: dt.date = f.TODAY, **chosen) -> list[dict[str, str]]:
    out = io.BytesIO()
    rows = exports.export_choices(agency=world.district, today=today, out=out, **chosen)
    read = list(csv.DictReader(io.StringIO(out.getvalue().decode())))
    assert len(read) == rows
    return read


def test_it_lists_each_permitted_element_of_each_child():
    world = World(ADDRESS, OFFICIAL)
    answer(world.sam, world.question(), world.alice, "yes")
    tia = f.make_student(world.district, "Tia", school=world.school, roster_id="00042")
    rows = exported(world)
    assert {(row["student"], row["element"]) for row in rows} == {
        (world.sam.roster_id, "home-address"),
        (world.sam.roster_id, "grade"),
        (tia.roster_id, "grade"),
    }
    row = next(row for row in rows if row["element"] == "home-address")
    assert row["agreement"] == str(world.agreement.public_id)
    assert (row["purpose"], row["basis"]) == ("teach", "consent")
    assert row["sharing_starts_on"] == f.TODAY.isoformat()
    assert "Sam" not in str(rows)


def test_what_starts_later_is_not_in_it_before_and_what_was_shared_keeps_its_day():
    world = World(OFFICIAL)
    starts = f.TODAY + dt.timedelta(days=30)
    world.publish(OFFICIAL, BUS, sharing_starts_on=starts)
    assert [row["element"] for row in exported(world, starts - dt.timedelta(days=1))] == ["grade"]
    rows = exported(world, starts)
    assert {row["element"]: row["sharing_starts_on"] for row in rows} == {
        "grade": f.TODAY.isoformat(),
        "bus-stop": starts.isoformat(),
    }


def test_permitted_recipients_are_named_and_others_are_not():
    world = World(ADDRESS)
    world.publish(ADDRESS, recipients=["Printers, Inc"])
    first = answer(world.sam, world.question(), world.alice, "yes")
    assert exported(world)[0]["recipients"] == "Printers, Inc"
    world.publish(ADDRESS, recipients=["Printers, Inc", "Movers"])
    assert exported(world)[0]["recipients"] == "Printers, Inc"
    answer(world.sam, world.question(), world.alice, "yes", replaces=first)
    assert exported(world)[0]["recipients"] == "Movers; Printers, Inc"


def a_world_where(what_happened: str) -> bytes:
    """Return the export of a district where Tia said Yes and something happened about Sam."""
    world = World(ADDRESS)
    Agreement.objects.filter(pk=world.agreement.pk).update(public_id=uuid.UUID(int=7))
    tia = f.make_student(world.district, "Tia", school=world.school, roster_id="tia")
    answer(tia, world.question(), f.make_guardian(world.district, of=[tia]), "yes")
    if what_happened == "no":
        answer(world.sam, world.question(), world.alice, "no")
    elif what_happened == "barred":
        answer(world.sam, world.question(), world.bob, "yes")
        f.make_hold(world.bob, world.sam)
    elif what_happened == "out of scope":
        world.sam.enrollments.update(ended_on=f.TODAY)
    elif what_happened == "unknown":
        type(world.sam).objects.filter(pk=world.sam.pk).update(ended_on=f.TODAY)
    out = io.BytesIO()
    assert exports.export_choices(agency=world.district, today=f.TODAY, out=out) == 1
    Agreement.objects.filter(pk=world.agreement.pk).update(public_id=uuid.uuid4())
    return out.getvalue()


def test_no_and_out_of_scope_and_unknown_and_barred_look_the_same():
    files = {
        a_world_where(what).replace(b"\r", b"")
        for what in ("no", "silent", "barred", "out of scope", "unknown")
    }
    assert len(files) == 1


def test_another_districts_children_are_never_in_it():
    world, other = World(OFFICIAL), World(OFFICIAL)
    assert {row["student"] for row in exported(world)} == {world.sam.roster_id}
    assert exported(world, agreement=other.agreement) == []


def test_all_agreements_in_force_are_in_it_unless_one_is_named():
    world = World(OFFICIAL)
    second = f.make_agreement(world.district, title="Bus agreement")
    freeze(f.make_draft(second, lines=[BUS], sharing_starts_on=f.TODAY))
    f.make_draft(f.make_agreement(world.district), lines=[("secret", "contact", Basis.SCHOOL_OFFICIAL)])
    assert [row["element"] for row in exported(world)] == ["bus-stop", "grade"]
    assert [row["element"] for row in exported(world, agreement=second)] == ["bus-stop"]


def test_data_about_school_staff_is_not_listed_under_a_child():
    world = World(OFFICIAL)
    f.make_element("teacher-name", "staff", subject="staff")
    world.publish(OFFICIAL, ("teacher-name", "staff", Basis.SCHOOL_OFFICIAL))
    assert [row["element"] for row in exported(world)] == ["grade"]


def test_the_command_streams_and_ends_with_a_mark():
    world = World(OFFICIAL)
    out, err = io.StringIO(), io.StringIO()
    call_command("export_choices", agency=world.district.slug, as_of=f.TODAY, stdout=out, stderr=err)
    assert out.getvalue().splitlines()[0] == ",".join(exports.COLUMNS)
    assert len(out.getvalue().splitlines()) == 2
    assert err.getvalue().startswith(f"end: 1 rows, as of {f.TODAY.isoformat()}, answers until 2")


@pytest.mark.parametrize(
    "chosen", [{"agency": "nobody"}, {"agreement": "x"}, {"agreement": str(uuid.UUID(int=1))}]
)
def test_the_command_says_what_it_does_not_know(chosen):
    world = World(OFFICIAL)
    with pytest.raises(CommandError):
        call_command("export_choices", **({"agency": world.district.slug} | chosen))


def test_memory_stays_flat():
    class Counter:
        rows = 0

        def write(self, data: bytes) -> None:
            self.rows += 1

    world = World(*[(f"el-{n}", "contact", Basis.SCHOOL_OFFICIAL) for n in range(20)])
    peaks = []
    for more in (20, 400):
        f.Student.objects.bulk_create(
            [f.Student(agency=world.district, roster_id=f"{more}-{n}", shown_name="x") for n in range(more)]
        )
        f.Enrollment.objects.bulk_create(
            [
                f.Enrollment(student=student, school=world.school, grade="03")
                for student in f.Student.objects.filter(agency=world.district, enrollments=None)
            ]
        )
        tracemalloc.start()
        exports.export_choices(agency=world.district, today=f.TODAY, out=Counter())
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert peaks[1] < peaks[0] + 100_000  # bytes, for 8,000 rows more
