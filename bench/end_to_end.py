"""From the task that fans out to the last mail, beside a task per recipient on a sample of them."""

from bench import processes
from bench.measure import RUNS, Row, seconds
from bench.plain_mail import send_one
from bench.town import NOW, Town, build
from consent import notify
from consent.models import Delivery, Notice
from consent.tasks import fan_out_notice

SAMPLE = 300
LARGE = 300_000  # from here on measured once: it takes minutes


def run(size: int) -> list[Row]:
    """Measure one size, both with one worker process over the same broker and mail sink."""
    town = build(size)
    with processes.worker(tasks="bench.plain_mail"):
        _plain_rate(town, 20)  # the worker starts warm
        taken = [_rate(town) / _plain_rate(town, SAMPLE) for _ in range(1 if size >= LARGE else RUNS)]
    yardstick = f"a task per recipient ({SAMPLE:,} of them)"
    return [Row("end to end, mails a second", size, taken, yardstick, 30.0, at_least=True)]


def send_all(notice: Notice) -> int:
    """Have the worker write down whom a notice concerns and mail all of them. Return how many were sent."""
    fan_out_notice.delay(notice.pk)
    mails = Delivery.objects.filter(notice=notice, channel="email")
    waiting = mails.filter(state__in=["due", "leased"])
    processes.wait(lambda: Notice.objects.filter(pk=notice.pk, fanned_out_at__isnull=False).exists())
    processes.wait(lambda: not waiting.exists())
    sent = mails.filter(state="sent").count()
    assert sent == mails.count() > 0
    return sent


def _rate(town: Town) -> float:
    notice = town.make_notice("answer_needed")
    sent: list[int] = []
    took = seconds(lambda: sent.append(send_all(notice)))
    return sent[0] / took


def _plain_rate(town: Town, number: int) -> float:
    """Write down everybody, unmeasured, and have the first few told one by one; return mails a second."""
    notice = town.make_notice("answer_needed")
    notify.fan_out(notice.pk, now=NOW)
    mails = Delivery.objects.filter(notice=notice, channel="email")
    ids = list(mails.order_by("pk").values_list("pk", flat=True)[:number])
    assert len(ids) == number

    def all_of_them() -> None:
        for delivery_id in ids:
            send_one.delay(delivery_id)
        processes.wait(lambda: mails.filter(pk__in=ids, state="sent").count() == number)

    return number / seconds(all_of_them)
