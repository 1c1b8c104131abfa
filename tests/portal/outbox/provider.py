"""A provider of text messages on the loopback that can be made to behave badly."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class Provider:
    """Keeps what it was asked and what it would have sent; a key it knows it sends once."""

    def __init__(self) -> None:
        self.asked: list[tuple[dict, dict]] = []
        self.sent: dict[str, dict] = {}
        self.behave: Callable[[Handler], None] = Handler.accept
        self.port = 0

    @property
    def keys(self) -> list[str]:
        return [headers["Idempotency-Key"] for headers, _text in self.asked]


class Handler(BaseHTTPRequestHandler):
    provider: Provider

    def do_POST(self) -> None:
        content = self.rfile.read(int(self.headers["Content-Length"]))
        self.text = json.loads(content)
        self.provider.asked.append((dict(self.headers), self.text))
        self.provider.behave(self)

    def take(self) -> None:
        self.provider.sent.setdefault(self.headers["Idempotency-Key"], self.text)

    def accept(self) -> None:
        self.take()
        number = list(self.provider.sent).index(self.headers["Idempotency-Key"]) + 1
        self.answer(201, json.dumps({"id": f"text-{number}"}))

    def answer(self, status: int, content: str = "{}", **headers: str) -> None:
        body = content.encode()
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        pass


@contextmanager
def running() -> Iterator[Provider]:
    provider = Provider()
    handler = type("OwnHandler", (Handler,), {"provider": provider})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.daemon_threads = True
    provider.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield provider
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
