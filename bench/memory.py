"""What a worker process holds at most: mail at two sizes, and letters with their PDF library."""

from bench import processes, scratch
from bench.end_to_end import send_all
from bench.measure import Row
from bench.processes import Peak
from bench.town import build
from consent.models import Delivery
from portal.preflight import has_pango
from portal.tasks import print_letters

SMALL = 10_000
LETTERS = 400
MOST, MOST_WITH_PDF, MOST_GROWTH = 100, 180, 10

_small: list[Peak] = []


def run(size: int) -> list[Row]:
    """Measure one size; at the smallest the letters too."""
    if size == SMALL:
        _small[:] = [_mail(size)]
        held = _small[0]
    else:
        held = _mail(size)
    rows = [Row("worker, the process that holds most", size, [held.most], "", MOST, unit="MB")]
    if size > SMALL:
        if not _small:
            with scratch.database():
                _small.append(_mail(SMALL))
        growth = held.at_work - _small[0].at_work
        rows.append(
            Row(
                "worker, growth of the process that sends",
                size,
                [growth],
                f"{SMALL:,}",
                MOST_GROWTH,
                unit="MB",
            )
        )
    elif has_pango():
        what = f"letters, the process that holds most, {LETTERS} printed"
        rows.append(Row(what, size, [_letters()], "", MOST_WITH_PDF, unit="MB"))
    return rows


def _mail(size: int) -> Peak:
    town = build(size)
    with processes.worker() as program:
        send_all(town.make_notice("answer_needed"))
        return processes.peak(program)


def _letters() -> float:
    """Print the letters that the mails left: one person in twenty of the town has no address."""
    due = Delivery.objects.filter(channel="letter", state="due")
    agency = due[0].guardian.agency_id
    wanted = due.count() - LETTERS
    assert wanted >= 0, "too small a town for so many letters"
    with processes.worker("letters", pool="solo") as program:
        print_letters.delay(agency)
        processes.wait(lambda: due.count() <= wanted)
        return processes.peak(program).most
