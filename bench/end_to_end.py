"""From the task that fans out to the last mail, beside a task per recipient on a sample of them."""

from bench import processes
from bench.measure import Row, seconds
from bench.plain_mail import send_one
from bench.town import NOW, Town, build
from consent import notify
from consent.models import Delivery, Notice
from consent.tasks import fan_out_notice

SAMPLE = 300


def run(size: int) -> list[Row]:
    """Measure one size, both with one worker process over the same broker and mail sink."""
    town = build(size)
    with processes.worker(tasks="bench.plain_mail"):
        _send_sample(town, 20)  # the worker starts warm
        notice = town.make_notice("answer_needed")
        ours = seconds(lambda: send_all(notice))
        plain = _send_sample(town, SAMPLE)
    sent = Delivery.objects.filter(notice=notice, state="sent").count()
    return [
        Row(
            "end to end, mails a second",
            size,
            sent / ours,
            f"a task per recipient ({SAMPLE:,} of them)",
            SAMPLE / plain,
            30.0,
            at_least=True,
        )
    ]


def send_all(notice: Notice) -> None:
    """Have the worker write down whom a notice concerns and tell all of them."""
    fan_out_notice.delay(notice.pk)
    due = Delivery.objects.filter(notice=notice, channel="email", state__in=["due", "leased"])
    processes.wait(lambda: Notice.objects.filter(pk=notice.pk, fanned_out_at__isnull=False).exists())
    processes.wait(lambda: not due.exists())


def _send_sample(town: Town, number: int) -> float:
    """Write down everybody, and have the first few told one by one; return the seconds for those."""
    notice = town.make_notice("answer_needed")
    notify.fan_out(notice.pk, now=NOW)
    mails = Delivery.objects.filter(notice=notice, channel="email")
    ids = list(mails.order_by("pk").values_list("pk", flat=True)[:number])

    def all_of_them() -> None:
        for delivery_id in ids:
            send_one.delay(delivery_id)
        processes.wait(lambda: not mails.filter(pk__in=ids).exclude(state="sent").exists())

    return seconds(all_of_them)
