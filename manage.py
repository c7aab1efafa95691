#!/usr/bin/env python
"""Run a management command, on the embedded PostgreSQL where DATABASE_URL is not set."""

import os
import sys


def main() -> None:
    """Start the embedded database and compile changed translations, then run the command."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")

    from portal import embedded, locales

    try:
        embedded.prepare()
    except embedded.EmbeddedError as error:
        sys.exit(f"openroll: {error}")
    locales.compile_changed()

    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
