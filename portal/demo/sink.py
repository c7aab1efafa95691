"""A mail server that delivers nothing: it puts every mail into a folder, for the mailbox page."""

import argparse
import itertools
import os
import signal
import threading
from datetime import UTC, datetime
from pathlib import Path

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

LOOPBACK = "127.0.0.1"


class Folder:
    """Writes each mail to a file of its own, which appears whole or not at all."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        self.numbers = itertools.count()

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        """Keep the mail, with its true recipients on top."""
        content = envelope.content or b""
        body = content if isinstance(content, bytes) else content.encode()
        to = "X-Envelope-To: " + ", ".join(envelope.rcpt_tos) + "\r\n"
        moment = datetime.now(UTC).strftime("%Y%m%dT%H%M%S%f")
        path = self.folder / f"{moment}-{os.getpid()}-{next(self.numbers)}.eml"
        unfinished = path.with_suffix(".part")
        unfinished.write_bytes(to.encode("utf-8") + body)
        unfinished.rename(path)
        return "250 OK"


def main() -> None:
    """Listen until told to stop."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--folder", type=Path, required=True)
    chosen = parser.parse_args()
    done = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: done.set())
    controller = Controller(Folder(chosen.folder), hostname=LOOPBACK, port=chosen.port, enable_SMTPUTF8=True)
    controller.start()
    done.wait()
    controller.stop()


if __name__ == "__main__":
    main()
