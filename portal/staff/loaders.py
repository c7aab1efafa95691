"""The importers behind the upload pages, each called in the same way: a file in, a report or refusals out."""

import datetime as dt
from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.db import transaction

from consent.roster.load import Options, load_roster
from consent.roster.report import RosterRefused
from districts.importers import inventory
from districts.importers.inventory_rows import LINE_COLUMNS
from districts.importers.register import load as register
from districts.importers.report import ImportRefused
from districts.publish import NotADraft
from portal.models import Upload


class FileRefused(Exception):
    """The importer refused the file and nothing was changed; `report` says why."""

    def __init__(self, report: dict[str, Any]) -> None:
        super().__init__("refused")
        self.report = report


def load(upload: Upload, path: Path, *, is_dry: bool, now: dt.datetime) -> dict[str, Any]:
    """Run the importer of an upload's kind; return its report as plain values. Raises FileRefused."""
    return LOADERS[upload.kind](upload, path, is_dry, now)


def _roster(upload: Upload, path: Path, is_dry: bool, now: dt.datetime) -> dict[str, Any]:
    chosen = upload.options
    options = Options(
        as_of=dt.date.fromisoformat(chosen["as_of"]) if chosen.get("as_of") else None,
        month_first=bool(chosen.get("month_first")),
        many_endings=bool(chosen.get("many_endings")),
        dry_run=is_dry,
    )
    try:
        report = load_roster(
            path=path, agency_code=upload.agency.slug, now=now, options=options, by=upload.handed_in_by
        )
    except RosterRefused as refused:
        raise FileRefused(refused.as_json()) from refused
    return report.as_json()


def _inventory(upload: Upload, path: Path, is_dry: bool, now: dt.datetime) -> dict[str, Any]:
    assert upload.version_id is not None  # the constraint inventory_names_its_draft
    chosen = upload.options
    options = inventory.Options(
        defaults={column: str(chosen.get(column) or "") for column in LINE_COLUMNS},
        add=bool(chosen.get("add")),
        replace=bool(chosen.get("replace")),
        dry_run=is_dry,
    )
    try:
        report = inventory.load_inventory(path=path, version_id=upload.version_id, options=options)
    except ImportRefused as refused:
        raise FileRefused(refused.as_json()) from refused
    except NotADraft as published:
        raise FileRefused({"published": True}) from published
    return report.as_json()


def _register(upload: Upload, path: Path, is_dry: bool, now: dt.datetime) -> dict[str, Any]:
    """Load a register sheet, only the rows of the upload's own agency, and only as it was shown."""
    chosen = upload.options
    options = register.Options(
        basis=str(chosen.get("basis") or ""),
        state=str(chosen.get("state") or register.Options.state),
        encoding=str(chosen.get("encoding") or register.Options.encoding),
        own_rows_only=True,
        dry_run=is_dry,
    )
    try:
        with transaction.atomic():
            report = register.load_register(path=path, agency_id=upload.agency_id, now=now, options=options)
            if not is_dry and report.fingerprint != upload.report.get("fingerprint"):
                raise FileRefused({"otherwise": True})  # the register changed since the dry run was shown
    except ImportRefused as refused:
        raise FileRefused(refused.as_json()) from refused
    return report.as_json()


LOADERS: dict[str, Callable[[Upload, Path, bool, dt.datetime], dict[str, Any]]] = {
    Upload.Kind.ROSTER: _roster,
    Upload.Kind.INVENTORY: _inventory,
    Upload.Kind.REGISTER: _register,
}
