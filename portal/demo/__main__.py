"""The whole of Openroll on one machine, until Ctrl-C: python -m portal.demo --port 8000."""

import argparse
import fcntl
import http.client
import logging
import os
import socket
import sys
import time
from io import StringIO
from pathlib import Path

from portal import embedded, locales
from portal.demo.parts import LOOPBACK, TidyUp, clock, mail_sink, web, workers
from portal.supervisor import GivingUp, Supervisor

WEB_SECONDS = 60


def main() -> int:
    """Prepare the database, start every part, say where it is, and wait. Return the code to end with."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, default=8000)
    port = parser.parse_args().port
    var = embedded.var_folder()
    var.mkdir(parents=True, exist_ok=True)
    with (var / "demo.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say("The demo of this folder already runs.")
            return 1
        return run(port=port, var=var)


def run(*, port: int, var: Path) -> int:
    """Run the demo until it is told to stop; afterwards nothing of it runs."""
    sink_port = free_port()
    os.environ.update(demo_environment(port=port, sink_port=sink_port))
    supervisor = Supervisor(environment=os.environ, say=say)
    supervisor.listen_for_signals()
    try:
        embedded.prepare()
        supervisor.add(mail_sink(sink_port, var))
        say("Preparing the database and the demo content (the first time takes about a minute) ...")
        people = prepare_site()
        if supervisor.stopping:
            return 0
        supervisor.add(web(port, var))
        wait_for_web(supervisor, port)
        for program in (*workers(var), clock(var)):
            supervisor.add(program)
        if not supervisor.stopping:
            say(welcome(port, people))
        supervisor.run(each_look=TidyUp(var, say))
    except (embedded.EmbeddedError, GivingUp) as error:
        say(f"openroll: {error}")
        return 1
    finally:
        supervisor.stop()
        if embedded.is_wanted():
            say(leave_database())
    return 0


def demo_environment(*, port: int, sink_port: int) -> dict[str, str]:
    """Return what tells every part that this is the demo."""
    return {
        "DJANGO_SETTINGS_MODULE": "portal.settings",
        "DEMO": "1",
        "SITE_URL": f"http://{LOOPBACK}:{port}",
        "EMAIL_HOST": LOOPBACK,
        "EMAIL_PORT": str(sink_port),
    }


def prepare_site() -> str:
    """Bring database, role, catalogue and demo content up to date. Return whom to sign in as."""
    locales.compile_changed()
    import django
    from django.core.management import call_command, get_commands
    from django.db import connections

    django.setup()
    logging.disable(logging.WARNING)  # what is said here is for whoever started it; the parts have logs
    call_command("migrate", interactive=False, verbosity=0)
    call_command("setup_roles", verbosity=0)
    for command in ("load_catalogue", "seed_demo"):
        if command in get_commands():
            call_command(command, verbosity=0)
    people = StringIO()
    if "demo_people" in get_commands():
        call_command("demo_people", stdout=people)
    connections.close_all()
    logging.disable(logging.NOTSET)
    return people.getvalue().strip()


def wait_for_web(supervisor: Supervisor, port: int) -> None:
    """Return once the site answers. Raises GivingUp if it does not within WEB_SECONDS."""
    deadline = time.monotonic() + WEB_SECONDS
    while time.monotonic() < deadline and not supervisor.stopping:
        supervisor.look(now=time.monotonic())
        connection = http.client.HTTPConnection(LOOPBACK, port, timeout=5)
        try:
            connection.request("GET", "/readyz")
            if connection.getresponse().status == http.HTTPStatus.OK:
                return
        except OSError:
            pass
        finally:
            connection.close()
        time.sleep(0.1)
    if not supervisor.stopping:
        raise GivingUp(f"the site did not answer within {WEB_SECONDS} s; see var/log/web.log.")


def welcome(port: int, people: str) -> str:
    """Return what to print once everything runs."""
    site = f"http://{LOOPBACK}:{port}"
    lines = ["", f"Openroll runs at {site}/", f"All mail it sends is at {site}/demo/mailbox/"]
    return "\n".join([*lines, *([people] if people else []), "Ctrl-C stops it. Its data stays.", ""])


def leave_database() -> str:
    """Stop PostgreSQL unless another process of this checkout uses it."""
    try:
        return embedded.stop_if_unused()
    except embedded.EmbeddedError as error:
        return f"openroll: {error}"


def free_port() -> int:
    """Return a port of the loopback address that nobody uses."""
    with socket.socket() as probe:
        probe.bind((LOOPBACK, 0))
        return int(probe.getsockname()[1])


def say(line: str) -> None:
    """Print one line at once."""
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
