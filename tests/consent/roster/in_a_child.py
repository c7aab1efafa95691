"""Load two rosters one after the other, keeping neither, and print the peak memory after each (bytes).

A process of its own: its memory is the importer's and nobody else's.
"""

import datetime as dt
import json
import os
import resource
import sys
from pathlib import Path

import django
from django.conf import settings

UNIT = 1 if sys.platform == "darwin" else 1024


def main(database: str, *folders: str) -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
    settings.DATABASES["default"]["NAME"] = database
    django.setup()
    from consent.roster.load import Options, load_roster

    results = []
    for folder in folders:
        report = load_roster(
            path=Path(folder),
            agency_code="CV",
            now=dt.datetime(2026, 9, 1, 17, tzinfo=dt.UTC),
            options=Options(create=True, dry_run=True),
        )
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * UNIT
        results.append({"guardianships": report.counts["guardianships"].created, "peak": peak})
    sys.stdout.write(json.dumps(results))


if __name__ == "__main__":
    main(*sys.argv[1:])
