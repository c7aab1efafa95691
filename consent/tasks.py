"""Tasks of the private room: each only calls a service, and may run twice, late, or beside itself."""

from celery import shared_task

from .mail import exit as mail_exit


@shared_task(queue="mail")
def send_sign_in_code(email: str, code: str, language: str) -> None:
    """Mail a sign-in code. Queued for an unknown address too, with no code: then nothing is sent."""
    if code:
        mail_exit.hand_over_sign_in_code(email, code, language)
