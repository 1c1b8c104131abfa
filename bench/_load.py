"""A small HTTP load: raw keep-alive connections in one asyncio loop, so the client stays cheap."""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from dataclasses import dataclass, field


@dataclass
class Load:
    """What a run measured; seconds per request, and how many answers of each status."""

    seconds: float = 0.0
    latencies: list[float] = field(default_factory=list)
    statuses: Counter[int] = field(default_factory=Counter)

    @property
    def rate(self) -> float:
        """Requests per second."""
        return len(self.latencies) / self.seconds

    def percentile(self, share: float) -> float:
        """Milliseconds below which `share` of the requests were answered."""
        ordered = sorted(self.latencies)
        return 1000 * ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def run(port: int, requests: list[list[bytes]]) -> Load:
    """Send each list of raw requests over one connection, all connections at once."""
    return asyncio.run(_run(port, requests))


def get(path: str, headers: dict[str, str] | None = None) -> bytes:
    """Return a raw GET request."""
    return _raw("GET", path, b"", headers or {})


def post(path: str, body: str | bytes, headers: dict[str, str]) -> bytes:
    """Return a raw form POST."""
    form = {"Content-Type": "application/x-www-form-urlencoded", **headers}
    return _raw("POST", path, body.encode() if isinstance(body, str) else body, form)


def _raw(method: str, path: str, body: bytes, headers: dict[str, str]) -> bytes:
    lines = [f"{method} {path} HTTP/1.1", "Host: localhost", f"Content-Length: {len(body)}"]
    lines += [f"{name}: {value}" for name, value in headers.items()]
    return ("\r\n".join(lines) + "\r\n\r\n").encode() + body


async def _run(port: int, requests: list[list[bytes]]) -> Load:
    load = Load()
    start = time.perf_counter()
    await asyncio.gather(*(_connection(port, one, load) for one in requests))
    load.seconds = time.perf_counter() - start
    return load


async def _connection(port: int, requests: list[bytes], load: Load) -> None:
    reader = writer = None
    for request in requests:
        if writer is None or writer.is_closing():
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
        begin = time.perf_counter()
        writer.write(request)
        status, keep = await _answer(reader)
        load.latencies.append(time.perf_counter() - begin)
        load.statuses[status] += 1
        if not keep:
            writer.close()
    if writer is not None:
        writer.close()


async def _answer(reader: asyncio.StreamReader) -> tuple[int, bool]:
    head = (await reader.readuntil(b"\r\n\r\n")).lower()
    status = int(head.split(b" ", 2)[1])
    if b"transfer-encoding: chunked" in head:
        while size := int((await reader.readline()).strip(), 16):
            await reader.readexactly(size + 2)
        await reader.readline()
    else:
        length = head.split(b"content-length: ", 1)
        if len(length) == 2:
            await reader.readexactly(int(length[1].split(b"\r\n", 1)[0]))
    return status, b"connection: close" not in head
