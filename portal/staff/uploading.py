"""Uploads in two steps: a dry run that is shown, then exactly the same file, applied.

Small files are worked on at once, big ones by a task; a sweep goes on with what a lost task left, and
throws away what nobody confirmed.
"""

import datetime as dt
import hashlib
import secrets
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import structlog
from django.contrib.auth.base_user import AbstractBaseUser
from django.core.files.storage import storages
from django.core.files.uploadedfile import UploadedFile
from django.db import InterfaceError, OperationalError, connection, transaction
from django.utils import timezone

from districts.models import Agency, AgreementVersion
from portal.models import Upload

from .loaders import FileRefused, load

log = structlog.get_logger(__name__)

State = Upload.State
WORK = (State.CHECKING, State.APPLYING)
LARGEST = 2 * 1024**3  # bytes; a million students zip to some 200 million
AT_ONCE = 200_000  # bytes; what is checked inside a request, in well under two seconds
KEPT = dt.timedelta(days=1)  # a file nobody confirms
WORKING = 4731  # advisory lock: one worker an upload
CHUNK = 1024 * 1024


class TooBig(Exception):
    """The file is bigger than any roster."""


class NotAsShown(Exception):
    """The file, or what was found in it, is not what the staff member confirmed."""


def receive(
    *,
    kind: str,
    file: UploadedFile,
    agency: Agency,
    by: AbstractBaseUser,
    options: dict[str, Any],
    version: AgreementVersion | None = None,
) -> Upload:
    """Keep a file in the private storage, to be checked next. Raises TooBig."""
    if (file.size or 0) > LARGEST:
        raise TooBig(file.size)
    digest = hashlib.sha256()
    for chunk in file.chunks(CHUNK):
        digest.update(chunk)
    file.seek(0)
    return Upload.objects.create(
        kind=kind,
        agency=agency,
        version=version,
        name=Path(file.name or "").name[:200],
        file=storages["private"].save(f"uploads/{secrets.token_hex(16)}", file),
        sha256=digest.hexdigest(),
        size=file.size or 0,
        options=options,
        handed_in_by_id=by.pk,
    )


def confirm(*, upload_id: int, sha256: str) -> Upload:
    """Let the file be applied whose dry run was shown. Raises NotAsShown."""
    with transaction.atomic():
        upload = Upload.objects.select_for_update().get(pk=upload_id)
        if upload.state != State.CHECKED or upload.sha256 != sha256:
            raise NotAsShown(upload_id)
        upload.state = State.APPLYING
        upload.save(update_fields=["state"])
    return upload


def drop(*, upload_id: int) -> None:
    """Throw away a file that is not to be applied."""
    with transaction.atomic():
        upload = Upload.objects.select_for_update().get(pk=upload_id)
        if upload.state == State.CHECKED:
            _settle(upload, State.DROPPED, upload.report)


def work(*, upload_id: int, now: dt.datetime) -> bool:
    """Check or apply an upload, whichever is next; False if that is done or another worker is at it."""
    with _alone(upload_id) as mine:
        upload = Upload.objects.select_related("agency", "handed_in_by").get(pk=upload_id)
        if not mine or upload.state not in WORK:
            return False
        is_dry = upload.state == State.CHECKING
        try:
            report = _load(upload, is_dry=is_dry, now=now)
        except FileRefused as refused:
            _settle(upload, State.REFUSED, refused.report)
        except (OperationalError, InterfaceError):
            raise  # the database went away: the sweep tries again
        except Exception:
            # An importer that breaks on a file would break on it for ever.
            log.exception("upload_failed", upload=upload.pk)
            _settle(upload, State.REFUSED, {"failed": True})
        else:
            _settle(upload, State.CHECKED if is_dry else State.APPLIED, report)
    log.info("upload_worked_on", upload=upload.pk, state=upload.state)
    return True


def unfinished() -> list[int]:
    """Return the uploads that wait for a worker, oldest first."""
    return list(Upload.objects.filter(state__in=WORK).order_by("pk").values_list("pk", flat=True))


def drop_old(*, now: dt.datetime) -> None:
    """Throw away what was checked and never confirmed."""
    for pk in Upload.objects.filter(state=State.CHECKED, handed_in_at__lt=now - KEPT).values_list(
        "pk", flat=True
    ):
        drop(upload_id=pk)


def _load(upload: Upload, *, is_dry: bool, now: dt.datetime) -> dict[str, Any]:
    """Run the importer on the file, once it is certain that it is the one that was handed in."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / (Path(upload.name).name or "file")
        digest = hashlib.sha256()
        with storages["private"].open(upload.file, "rb") as source, path.open("wb") as target:
            while chunk := source.read(CHUNK):
                digest.update(chunk)
                target.write(chunk)
        if digest.hexdigest() != upload.sha256:
            raise FileRefused({"changed": True})
        return load(upload, path, is_dry=is_dry, now=now)


def _settle(upload: Upload, state: str, report: dict[str, Any]) -> None:
    """Write down the result; a file that is not needed any more goes."""
    upload.state, upload.report = state, report
    if state == State.APPLIED:
        upload.applied_at = timezone.now()
    gone = upload.file if state in (State.APPLIED, State.REFUSED, State.DROPPED) else ""
    if gone:
        upload.file = ""
    upload.save(update_fields=["state", "report", "file", "applied_at"])
    if gone:
        transaction.on_commit(lambda: storages["private"].delete(gone))


@contextmanager
def _alone(upload_id: int) -> Iterator[bool]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s, %s)", [WORKING, upload_id])
        taken = cursor.fetchone()[0] is True
        try:
            yield taken
        finally:
            if taken:
                cursor.execute("SELECT pg_advisory_unlock(%s, %s)", [WORKING, upload_id])
