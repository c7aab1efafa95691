"""A real receiver of calls: a web server on this machine, which verifies, answers and remembers."""

import json
import ssl
import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

LOOPBACK = "127.0.0.1"


class Receiver:
    """Takes calls and answers 204, a challenge with its token, or the next of `answers`.

    An answer is a status, or a function that is given the handler and writes what it likes.
    """

    def __init__(self, context: ssl.SSLContext | None = None, port: int = 0) -> None:
        self.calls: list[tuple[str, dict[str, str], bytes]] = []
        self.answers: list[int | Callable[[BaseHTTPRequestHandler], None]] = []
        self.scheme = "https" if context else "http"
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                receiver.calls.append((self.path, {k.lower(): v for k, v in self.headers.items()}, body))
                receiver._answer(self, json.loads(body))

            do_GET = do_POST

            def log_message(self, format: str, *args: Any) -> None:
                """Say nothing."""

        self.server = ThreadingHTTPServer((LOOPBACK, port), Handler)
        self.server.daemon_threads = True
        if context:
            self.server.socket = context.wrap_socket(self.server.socket, server_side=True)
        self.port = self.server.server_address[1]
        self.thread = threading.Thread(target=self.server.serve_forever, args=(0.05,), daemon=True)
        self.thread.start()

    @property
    def url(self) -> str:
        return f"{self.scheme}://{LOOPBACK}:{self.port}/hooks/in?from=openroll"

    @property
    def said(self) -> list[dict[str, Any]]:
        return [json.loads(body) for _path, _headers, body in self.calls]

    @property
    def ids(self) -> list[str]:
        return [headers["webhook-id"] for _path, headers, _body in self.calls]

    def close(self) -> None:
        self.server.shutdown()
        self.server.server_close()
        self.thread.join(5)

    def _answer(self, handler: BaseHTTPRequestHandler, said: dict[str, Any]) -> None:
        answer = self.answers.pop(0) if self.answers else 200
        if callable(answer):
            answer(handler)
            return
        body = str(said["data"].get("challenge", "")).encode() if answer == 200 else b"no"
        handler.send_response(answer)
        if answer in (301, 302, 307, 308):
            handler.send_header("Location", self.url + "&again=1")
        handler.send_header("Content-Length", str(len(body)))
        handler.end_headers()
        handler.wfile.write(body)
