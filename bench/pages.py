"""Pages per second, waiting times, weight of a first visit, memory: `python -m bench.pages`."""

from __future__ import annotations

import re
import urllib.request

from bench import _load, _world

CONNECTIONS = (1, 16, 64)
REQUESTS = 600  # per page and number of connections
FLOOR = "/healthz"  # what the server does per request before any page is made


def main() -> None:
    """Print three tables."""
    _world.start_servers()
    _world.prepare_database()
    site = _world.Site()
    pages = {"home": "/", "slots": "/appointments/centres/fr-algiers/", "(healthz)": FLOOR}
    rows = [_measured(site, name, path, n) for name, path in pages.items() for n in CONNECTIONS]
    _world.table(
        "Pages, 2 web workers of 4 threads",
        ["page", "connections", "requests/s", "p50 ms", "p95 ms", "not 200", "share of healthz"],
        _with_shares(rows),
    )
    _world.table("First visit, compressed", ["page", "bytes", "requests"], _weights(site))
    memory = [[name, f"{mebibytes:.0f}"] for name, mebibytes in site.peak_memory()]
    _world.table("Peak memory of the load", ["process", "MiB"], memory)


def _measured(site: _world.Site, name: str, path: str, connections: int) -> list[object]:
    request = _load.get(path, {"Accept-Encoding": "gzip", "Accept-Language": "fr"})
    _load.run(site.port, [[request] * 5] * connections)  # warm
    load = _load.run(site.port, [[request] * (REQUESTS // connections)] * connections)
    wrong = sum(load.statuses.values()) - load.statuses[200]
    return [name, connections, load.rate, load.percentile(0.5), load.percentile(0.95), wrong]


def _with_shares(rows: list[list[object]]) -> list[list[object]]:
    floor = {row[1]: row[2] for row in rows if row[0] == "(healthz)"}
    return [
        [
            *(name, connections, f"{rate:.0f}", f"{p50:.1f}", f"{p95:.1f}", wrong),
            f"{rate / floor[connections]:.2f}",
        ]
        for name, connections, rate, p50, p95, wrong in rows
    ]


def _weights(site: _world.Site) -> list[list[object]]:
    return [
        [name, *_weight(site, path)]
        for name, path in (("home", "/"), ("slots", "/appointments/centres/fr-algiers/"))
    ]


def _weight(site: _world.Site, path: str) -> tuple[int, int]:
    """Return the bytes and the number of requests of a visitor who has nothing in the cache."""
    page, text = _fetched(site, path)
    links = re.findall(r'<(?:link|script|img)[^>]+(?:href|src)="(/static/[^"]+)"', text)
    files = sorted(set(links))
    return page + sum(_fetched(site, link)[0] for link in files), 1 + len(files)


def _fetched(site: _world.Site, path: str) -> tuple[int, str]:
    import gzip

    import brotli

    request = urllib.request.Request(
        f"http://127.0.0.1:{site.port}{path}", headers={"Accept-Encoding": "br, gzip"}
    )
    with urllib.request.urlopen(request) as answer:
        body = answer.read()
        packed = {"br": brotli.decompress, "gzip": gzip.decompress}.get(
            answer.headers.get("Content-Encoding", "")
        )
    return len(body), (packed(body) if packed else body).decode(errors="ignore")


if __name__ == "__main__":
    main()
