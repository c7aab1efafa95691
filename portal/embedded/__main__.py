"""Start, stop or empty the embedded PostgreSQL: python -m portal.embedded start|stop|status|reset."""

import shutil
import sys

from portal import embedded
from portal.embedded import cluster
from portal.embedded.place import locate, var_folder

# What a demo makes beside its database.
DEMO_FOLDERS = ("mailbox", "broker", "media", "private", "dumps", "log", "cache")


def main(arguments: list[str]) -> str:
    """Do what the one argument says. Return the sentence to print. Raises EmbeddedError."""
    place = locate()
    if arguments == ["start"]:
        return f"PostgreSQL {'started' if embedded.prepare() else 'already runs'} in {place.home}."
    if arguments == ["stop"]:
        return embedded.stop_if_unused()
    if arguments == ["status"]:
        return f"PostgreSQL {'runs' if cluster.is_running(place) else 'does not run'} in {place.home}."
    if arguments == ["reset"]:
        if "keeps running" in (said := embedded.stop_if_unused()):
            raise embedded.EmbeddedError(f"nothing was emptied: {said}")
        cluster.remove(place)
        for name in DEMO_FOLDERS:
            shutil.rmtree(var_folder() / name, ignore_errors=True)
        return "The demo is empty. `make demo` fills it again."
    raise embedded.EmbeddedError("say one of: start, stop, status, reset.")


if __name__ == "__main__":
    try:
        sys.stdout.write(main(sys.argv[1:]) + "\n")
    except embedded.EmbeddedError as error:
        sys.exit(f"openroll: {error}")
