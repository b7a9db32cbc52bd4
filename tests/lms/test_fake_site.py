"""The fakes' server itself: what it may print on the error output that tests compare."""

import socket
import struct
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler
from typing import Any

import pytest
from fake_site import Server


class _Handler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        raise LookupError("a fault of the fake")

    def setup(self) -> None:
        super().setup()
        assert isinstance(self.server, _Telling)
        self.server.accepted.set()


class _Telling(Server):
    """A server that says when it has taken a connection, and when it is done with one."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.accepted, self.ended = threading.Event(), threading.Event()

    def shutdown_request(self, request: Any) -> None:
        super().shutdown_request(request)
        self.ended.set()


@pytest.fixture
def server() -> Iterator[_Telling]:
    with _Telling() as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        yield server
        server.shutdown()
        thread.join()


def test_a_client_that_is_gone_is_not_worth_a_word(
    server: _Telling, capfd: pytest.CaptureFixture[str]
) -> None:
    """A push that is killed resets its connection; the next one's error output is compared."""
    client = socket.create_connection(server.server_address[:2])
    client.sendall(b"GET /half")
    assert server.accepted.wait(10)
    # Closed without lingering: the other side is told of a reset, not of an end.
    client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    client.close()
    assert server.ended.wait(10)
    assert "" == capfd.readouterr().err


def test_any_other_fault_is_told(server: _Telling, capfd: pytest.CaptureFixture[str]) -> None:
    with socket.create_connection(server.server_address[:2]) as client:
        client.sendall(b"GET / HTTP/1.0\r\n\r\n")
        assert server.ended.wait(10)
    assert "LookupError: a fault of the fake" in capfd.readouterr().err
