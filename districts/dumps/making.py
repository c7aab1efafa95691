"""Makes a dump of the public register: one state of it, read as the public role, all three files or none."""

import datetime as dt
import json
import os
import shutil
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connections
from django.utils.translation import override
from rest_framework.renderers import JSONRenderer

from ..addresses import absolute
from ..api.resource import Resource
from ..api.resources import RESOURCES
from ..models import RegisterVersion
from ..open_data import LICENCE_NAME, LICENCE_URL
from ..public_room import PUBLIC_ALIAS, public_room
from ..published import withdrawals
from . import shelf
from .formats import FORMATS, Writer, sha256_of
from .shelf import Dump
from .tables import Table, tables

LOCK = 7_311_243
#: Records read at once. A version may have hundreds of lines, a publication hundreds of changes.
CHUNK = 50
#: UTC. From here on it is night in every state of the US, and the day before is over in all of them.
NIGHT = dt.time(10)


def make_dump(*, now: dt.datetime) -> Dump | None:
    """Make a dump, now; None if another worker is making one.

    It is written into a folder nobody sees and moved when it is whole, so that an error, a full disk or a
    killed worker leaves the dumps that are there. Memory does not grow with the register.
    """
    shelf.root().mkdir(parents=True, exist_ok=True)
    name = now.astimezone(dt.UTC).strftime(shelf.NAME_FORMAT)
    with _one_state() as alone, override("en"):
        if not alone:
            return None
        shelf.clear_remains()
        unfinished = shelf.root() / f"{shelf.UNFINISHED}-{name}"
        unfinished.mkdir()
        try:
            _fill(unfinished, name)
            os.rename(unfinished, shelf.root() / name)
            _sync(shelf.root())
        except BaseException:
            shutil.rmtree(unfinished, ignore_errors=True)
            raise
    return shelf.find(name)


def refresh(*, now: dt.datetime) -> Dump | None:
    """Take down what must not stand, make a dump if one is due, throw away the old; return the new one."""
    shelf.forget(now=now)
    made = make_dump(now=now) if is_due(now) else None
    if made:
        shelf.throw_away_old()
    return made


def is_due(now: dt.datetime) -> bool:
    """Tell whether no dump was made since the last night began."""
    night = dt.datetime.combine(now.astimezone(dt.UTC).date(), NIGHT, tzinfo=dt.UTC)
    if night > now:
        night -= dt.timedelta(days=1)
    newest = next(iter(shelf.dumps()), None)
    return newest is None or newest.made_at < night


@contextmanager
def _one_state() -> Iterator[bool]:
    """Read one state of the register as the public role; yields whether nobody else makes a dump."""
    connection = connections[PUBLIC_ALIAS]
    may_choose = not connection.in_atomic_block  # a test's own transaction has begun to read
    with public_room(), connection.cursor() as cursor:
        if may_choose:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [LOCK])
        yield bool(cursor.fetchone()[0])


def _fill(folder: Path, name: str) -> None:
    every = [table for first in tables().values() for table in first.all()]
    about: dict[str, Any] = {
        "name": name,
        "made_at": shelf.moment_of(name).isoformat(),
        "site": settings.SITE_URL,
        "licence": {"name": LICENCE_NAME, "url": LICENCE_URL},
        "documented_by": absolute("/api/v1/openapi.json"),
        "register_version": RegisterVersion.current(),
        "withdrawals": withdrawals(),
    }
    writers: list[Writer] = [each(folder, every) for each in FORMATS]
    records: Counter[str] = Counter()
    rows: Counter[str] = Counter({table.name: 0 for table in every})
    for resource in RESOURCES:
        records[resource.name] = 0
        for record, parts in _read(resource, tables()[resource.name]):
            records[resource.name] += 1
            rows.update(part for part, _row in parts)
            for writer in writers:
                writer.add(resource.name, record, parts)
    about |= {"records": dict(records), "rows": dict(rows)}
    for writer in writers:
        writer.finish(about)
        _sync(folder / writer.name)
    about["files"] = [
        {
            "name": writer.name,
            "media_type": writer.media_type,
            "url": absolute(f"/open-data/dumps/{name}/{writer.name}"),
            "size": (folder / writer.name).stat().st_size,
            "sha256": sha256_of(folder / writer.name),
        }
        for writer in writers
    ]
    (folder / shelf.MANIFEST).write_text(json.dumps(about, indent=1), encoding="utf-8")
    _sync(folder / shelf.MANIFEST)
    _sync(folder)


def _read(resource: Resource, table: Table) -> Iterator[tuple[bytes, list[tuple[str, Any]]]]:
    """Yield every record of a resource as the API writes it, and its rows: by a server-side cursor."""
    found = resource.rows().order_by("-pk" if resource.newest_first else resource.key)
    serializer, renderer = resource.serializer(), JSONRenderer()
    for each in found.iterator(chunk_size=CHUNK):
        record = renderer.render(serializer.to_representation(each))
        yield record, list(table.rows(json.loads(record)))


def _sync(path: Path) -> None:
    """Let the disk have it before anybody is told that it is there."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
