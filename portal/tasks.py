"""Tasks of the frame: each only calls a service, and may run twice, late, or beside itself.

Staff's uploads and letters; the messages to whoever watches the register, or asks in public, by
e-mail; the calls to whoever watches it by program.
"""

from celery import shared_task
from django.utils import timezone

from consent import letters
from portal.asking import mails, sending_in
from portal.hooks import delivering, registering
from portal.hooks import gathering as hook_gathering
from portal.hooks import mails as hook_mails
from portal.staff import uploading
from portal.watching import asking, gathering, sending


@shared_task
def work_on_upload(upload_id: int) -> None:
    """Check or apply one upload."""
    uploading.work(upload_id=upload_id, now=timezone.now())


@shared_task
def resume_uploads() -> None:
    """Go on with uploads whose task was lost; throw away what nobody confirmed."""
    now = timezone.now()
    for upload_id in uploading.unfinished():
        uploading.work(upload_id=upload_id, now=now)
    uploading.drop_old(now=now)


@shared_task(queue="letters")
def print_letters(agency_id: int) -> None:
    """Print all letters that are due in an agency, run after run."""
    while letters.print_letters(agency_id=agency_id, now=timezone.now()):
        pass


@shared_task(queue="mail")
def send_watch_mails() -> None:
    """Send what is due to watchers: questions at once, news of the day, retries."""
    sending.send_due(now=timezone.now())


@shared_task(queue="mail")
def gather_watch_news() -> None:
    """Write down the news of the newest round and send them; forget what nobody confirmed in time."""
    now = timezone.now()
    asking.forget(now=now)
    gathering.gather(now=now)
    sending.send_due(now=now)


@shared_task(queue="mail")
def send_asker_mails() -> None:
    """Send the mails that are owed to people who asked in public."""
    mails.send_due(now=timezone.now())


@shared_task
def forget_askers() -> None:
    """Delete the addresses of people who asked in public that nobody needs any more."""
    sending_in.forget(now=timezone.now())


@shared_task(queue="mail")
def send_hook_mails() -> None:
    """Send the mails that are owed to whoever looks after a hook."""
    hook_mails.send_due(now=timezone.now())


@shared_task
def send_hook_calls() -> None:
    """Write down what running hooks are to be called about, and call whoever is due."""
    now = timezone.now()
    hook_gathering.gather(now=now)
    delivering.deliver_due(now=now)


@shared_task
def gather_hook_calls() -> None:
    """Look further back for what hooks are to be called about; forget hooks and calls that are over."""
    now = timezone.now()
    registering.forget(now=now)
    hook_gathering.gather(now=now, looked_back=hook_gathering.LOOKED_BACK)
