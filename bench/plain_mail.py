"""The yardstick of end to end: one task per recipient, that renders with Django and opens a connection."""

from celery import shared_task
from django.core.mail import EmailMultiAlternatives, get_connection
from django.template.loader import render_to_string
from django.utils import timezone, translation

from consent.models import Attempt, Delivery

BACKEND = "django.core.mail.backends.smtp.EmailBackend"


@shared_task(queue="mail")
def send_one(delivery_id: int) -> None:
    """Write to one person, and mark it."""
    delivery = Delivery.objects.select_related("guardian", "notice__agency").get(pk=delivery_id)
    assert delivery.notice
    person, agency = delivery.guardian, delivery.notice.agency
    values = {
        "language": person.language,
        "district": agency,
        "title": "Something is new",
        "paragraphs": ["A company may get something new about your child."],
        "button_text": "See what is new",
        "button_url": f"https://data.example.org/f/{delivery.public_id}/",
        "must_send": True,
    }
    delivery.state, delivery.lease_until = "leased", timezone.now()
    delivery.save(update_fields=["state", "lease_until"])
    with translation.override(person.language):
        subject, text, html = (
            render_to_string(f"emails/notice{kind}", values) for kind in (".subject.txt", ".txt", ".html")
        )
    mail = EmailMultiAlternatives(
        " ".join(subject.split()),
        text,
        "data@example.org",
        [person.email],
        connection=get_connection(BACKEND),
    )
    mail.attach_alternative(html, "text/html")
    mail.send()
    Attempt.objects.create(
        delivery=delivery, n=1, channel="email", message_id=mail.message()["Message-ID"], result="accepted"
    )
    delivery.state, delivery.lease_until, delivery.settled_at = "sent", None, timezone.now()
    delivery.save(update_fields=["state", "lease_until", "settled_at"])
