"""One call: a POST to an address that was judged, within ten seconds, of whose answer little is read."""

import http.client
import json
import socket
import ssl
import threading
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass

from .targets import NotAllowed, Target, resolve, target_of

CONNECT_SECONDS = 5.0
TOTAL_SECONDS = 10.0
MOST_READ = 4096  # bytes of an answer to a challenge; of any other none is read
TRIED_ADDRESSES = 2
USER_AGENT = "Openroll-Hooks/1"


@dataclass(frozen=True)
class Answer:
    """What came of a call: the status, or without one (0) the word for what went wrong."""

    status: int
    word: str
    body: bytes = b""

    @property
    def is_taken(self) -> bool:
        return 200 <= self.status < 300

    def holds(self, token: str) -> bool:
        """Return whether the answer gives a challenge back: alone, or as JSON `{"challenge": …}`."""
        if not self.is_taken:
            return False
        text = self.body.decode("utf-8", errors="replace").strip()
        if text == token:
            return True
        try:
            said = json.loads(text)
        except ValueError:
            return False
        return isinstance(said, dict) and said.get("challenge") == token


def call(url: str, body: bytes, headers: Mapping[str, str], *, reads: bool = False) -> Answer:
    """POST a body once and return what came of it; no error is raised. No redirect is followed."""
    until = time.monotonic() + TOTAL_SECONDS
    try:
        target = target_of(url)
        return _post(target, _connect(target, until), body, headers, until, reads=reads)
    except NotAllowed as error:
        return Answer(0, f"not allowed: {error}"[:20])
    except TimeoutError:
        return Answer(0, "timeout")
    except ssl.SSLError:
        return Answer(0, "timeout" if time.monotonic() >= until else "TLS")
    except ConnectionRefusedError:
        return Answer(0, "refused")
    except (OSError, http.client.HTTPException, ValueError):
        return Answer(0, "timeout" if time.monotonic() >= until else "broken off")


def _connect(target: Target, until: float) -> socket.socket:
    """Return a connection to one of the addresses that were judged, never to the name."""
    last: OSError | None = None
    for address in resolve(target)[:TRIED_ADDRESSES]:
        try:
            return socket.create_connection(
                (address, target.port), timeout=max(0.01, min(CONNECT_SECONDS, until - time.monotonic()))
            )
        except OSError as error:
            last = error
    raise last or NotAllowed("name")


def _post(
    target: Target,
    plain: socket.socket,
    body: bytes,
    headers: Mapping[str, str],
    until: float,
    *,
    reads: bool,
) -> Answer:
    with plain:
        wire = _wrapped(plain, target.host) if target.is_tls else plain
        # Each wait is bounded by itself; the whole of it is by this: who answers byte by byte is cut off.
        cut = threading.Timer(max(0.0, until - time.monotonic()), _cut, (wire,))
        cut.daemon = True
        cut.start()
        try:
            wire.settimeout(max(0.01, until - time.monotonic()))
            if isinstance(wire, ssl.SSLSocket):
                wire.do_handshake()
            connection = http.client.HTTPConnection(target.host, target.port)
            connection.default_port = 443 if target.is_tls else 80  # so that Host names no usual port
            connection.sock = wire
            connection.request(
                "POST",
                target.path,
                body,
                {
                    "Content-Type": "application/json",
                    "User-Agent": USER_AGENT,
                    "Connection": "close",
                    **headers,
                },
            )
            response = connection.getresponse()
            return Answer(response.status, str(response.status), response.read(MOST_READ) if reads else b"")
        finally:
            cut.cancel()
            wire.close()


def _cut(wire: socket.socket) -> None:
    """End a connection under whoever waits for it, with TLS or without."""
    with suppress(OSError):
        socket.socket.shutdown(wire, socket.SHUT_RDWR)


def _wrapped(plain: socket.socket, host: str) -> ssl.SSLSocket:
    """Return the connection with TLS to be begun: the certificate must be the name's, whom SNI asks for."""
    return ssl.create_default_context().wrap_socket(
        plain, server_hostname=host, do_handshake_on_connect=False
    )
