"""A web server on this machine that can be made to misbehave: what both fakes stand on.

Not a mock: requests come over a socket, and what goes wrong goes wrong there.
"""

import json
import sys
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Self
from urllib.parse import parse_qsl, urlsplit

TOKEN = "s3cret-Token+for/tests=0123456789"


@dataclass
class Trouble:
    """What happens, `times` times, to a request whose path or body has `where` in it.

    `before` is whether the request is left undone. Without a status the connection is cut: in the
    middle of the answer, or before its first byte.
    """

    where: str
    status: int | None = None
    body: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    before: bool = True
    midway: bool = False
    times: int = 1


@dataclass(frozen=True)
class Asked:
    """A request that came."""

    method: str
    path: str
    query: Mapping[str, str]
    form: Mapping[str, str]
    headers: Mapping[str, str]
    target: str
    """The path with the query, as it would stand in a log."""


@dataclass(frozen=True)
class Said:
    """An answer to be given."""

    data: Any
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)


class Server(ThreadingHTTPServer):
    """A server on this machine that outlives its clients without a word.

    A client that is killed resets its connection, and the library's server would print a traceback
    of that on the standard error that a test reads as the program's. Any other fault is printed.
    """

    daemon_threads = True

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Pass over a client that is gone."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)


class FakeSite:
    """The server; a subclass says what it answers. A context that starts and ends it."""

    def __init__(self) -> None:
        self.troubles: list[Trouble] = []
        self.asked: list[Asked] = []
        self._lock = threading.Lock()
        site = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            # In one piece: the second of two would wait for the first one's receipt.
            wbufsize = -1

            def do_GET(self) -> None:
                site._handle(self)

            do_POST = do_GET  # noqa: N815

            def log_message(self, format: str, *args: object) -> None:
                pass

        self._server = Server(("127.0.0.1", 0), Handler)
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,))

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_port}"

    def answer(self, asked: Asked) -> Said:
        """Do what is asked and say how it went."""
        raise NotImplementedError

    def posts(self, where: str) -> list[Asked]:
        """Return the posted requests with `where` in their path or their form."""
        return [each for each in self.asked if each.method == "POST" and _has(each, where)]

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def _handle(self, handler: BaseHTTPRequestHandler) -> None:
        parts = urlsplit(handler.path)
        body = handler.rfile.read(int(handler.headers.get("Content-Length", 0))).decode()
        form = dict(parse_qsl(body, keep_blank_values=True))
        query = dict(parse_qsl(parts.query, keep_blank_values=True))
        asked = Asked(handler.command, parts.path, query, form, dict(handler.headers), handler.path)
        with self._lock:
            self.asked.append(asked)
            trouble = next((t for t in self.troubles if t.times and _has(asked, t.where)), None)
            if trouble is not None:
                trouble.times -= 1
            if trouble is None:
                said = self.answer(asked)
            else:
                said = Said(None) if trouble.before else self.answer(asked)
        if trouble is None:
            _say(handler, said.status, json.dumps(said.data).encode(), said.headers)
        elif trouble.status is not None:
            _say(handler, trouble.status, trouble.body.encode(), trouble.headers)
        else:
            if trouble.midway:
                _say(handler, 200, b'{"id": ', {}, length=1000)
            handler.close_connection = True
            handler.connection.close()


def _has(asked: Asked, where: str) -> bool:
    return where in asked.target or where in asked.form.values()


def _say(
    handler: BaseHTTPRequestHandler,
    status: int,
    body: bytes,
    headers: Mapping[str, str],
    length: int | None = None,
) -> None:
    handler.send_response(status)
    handler.send_header("Content-Type", "application/json")
    for name, value in headers.items():
        handler.send_header(name, value)
    handler.send_header("Content-Length", str(len(body) if length is None else length))
    handler.end_headers()
    handler.wfile.write(body)
    handler.wfile.flush()
