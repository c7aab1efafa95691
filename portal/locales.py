"""Compile the translations without gettext's own tools: python -m portal.locales."""

import os
from pathlib import Path

import polib

PROJECT = Path(__file__).resolve().parent.parent


def compile_changed(project: Path = PROJECT) -> list[Path]:
    """Write a .mo beside each .po that is newer than it. Return those that were written."""
    written = []
    for source in sorted(project.glob("locale/*/LC_MESSAGES/*.po")):
        target = source.with_suffix(".mo")
        if target.exists() and target.stat().st_mtime_ns >= source.stat().st_mtime_ns:
            continue
        new = target.with_suffix(f".{os.getpid()}.new")
        polib.pofile(str(source), encoding="utf-8").save_as_mofile(str(new))
        new.replace(target)  # at once: another process may be reading it
        written.append(target)
    return written


if __name__ == "__main__":
    compile_changed()
