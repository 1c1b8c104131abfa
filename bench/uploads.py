"""Memory of uploads: of the web worker, and of the child that cleans: `python -m bench.uploads`."""

from __future__ import annotations

import io
import os
import re
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil

from bench import _load, _world

FULL = 20_000_000  # bytes: the largest file that is taken
PROMISE = 50  # MiB above idle for one upload
SMALL = 100_000
EDGE = b"----edge-of-a-part-8d1f0c5b7a"  # long: a short one occurs in noise


def main() -> None:
    """Print two tables."""
    _world.start_servers()
    os.environ["GUICHET_FILES_DIR"] = tempfile.mkdtemp(prefix="guichet-bench-files-")
    _world.prepare_database()
    with _bucket() as bucket:
        rows = [*_web_rows("a folder"), *_web_rows("a bucket", GUICHET_FILES_S3_URL=bucket)]
    _world.table(
        "Uploads, gunicorn with 2 workers of 4 threads: memory of the hungriest worker",
        [
            "stored in",
            "at once",
            "file MB",
            "idle MiB",
            "peak MiB",
            "above idle",
            "of promised",
            "seconds",
        ],
        rows,
    )
    _world.table(
        "Cleaning, one child process per file",
        ["file", "file MB", "peak MiB", "MiB per MB", "of its limit", "seconds"],
        [_child_row(name, kind, content) for name, kind, content in _samples()],
    )


# --- The web worker -----------------------------------------------------------------------------


def _web_rows(place: str, **env: str) -> Iterator[list[object]]:
    os.environ |= env
    site = _world.Site("bench._upload_site:application")
    for name in env:
        del os.environ[name]
    for _ in range(4):  # until every worker has done everything once
        _sent(site, 4, SMALL)
    for at_once in (1, 4):
        workers = psutil.Process(site.process.pid).children()
        idle = {worker.pid: _memory(worker.pid, "VmRSS") for worker in workers}
        for pid in idle:
            Path(f"/proc/{pid}/clear_refs").write_text("5")  # forget the peak so far
        seconds = _sent(site, at_once, FULL)
        above = {pid: _memory(pid, "VmHWM") - idle[pid] for pid in idle}
        pid = max(above, key=lambda pid: above[pid])
        yield [
            place,
            at_once,
            FULL // 1_000_000,
            f"{idle[pid]:.0f}",
            f"{idle[pid] + above[pid]:.0f}",
            f"{above[pid]:.1f}",
            f"{above[pid] / PROMISE / at_once:.2f}",
            f"{seconds:.2f}",
        ]
    site.process.terminate()
    site.process.wait()


def _sent(site: _world.Site, at_once: int, size: int) -> float:
    start = time.perf_counter()
    load = _load.run(site.port, [[_request(size)]] * at_once)
    assert set(load.statuses) == {200}, load.statuses
    return time.perf_counter() - start


def _request(size: int) -> bytes:
    head = (
        b"--" + EDGE + b'\r\nContent-Disposition: form-data; name="paper"; filename="scan.png"\r\n'
        b"Content-Type: image/png\r\n\r\n"
    )
    body = head + _noise(size * 99 // 100) + b"\r\n--" + EDGE + b"--\r\n"
    return _load.post(
        "/bench/send/", body, {"Content-Type": f"multipart/form-data; boundary={EDGE.decode()}"}
    )


def _memory(pid: int, name: str) -> float:
    status = Path(f"/proc/{pid}/status").read_text()
    found = re.search(rf"{name}:\s+(\d+) kB", status)
    assert found is not None
    return int(found[1]) / 1024


@contextmanager
def _bucket() -> Iterator[str]:
    """Start a server that speaks S3 in a process of its own, with one bucket."""
    import boto3

    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "moto.server", "-p", str(port)]
    server = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        client = boto3.client(
            "s3",
            endpoint_url=f"http://127.0.0.1:{port}",
            region_name="us-east-1",
            aws_access_key_id="key",
            aws_secret_access_key="secret",
        )
        _until_it_listens(port)
        client.create_bucket(Bucket="papers")
        yield f"http://key:secret@127.0.0.1:{port}/papers"
    finally:
        server.kill()
        server.wait()


def _until_it_listens(port: int) -> None:
    for _ in range(600):
        try:
            return socket.create_connection(("127.0.0.1", port), 1).close()
        except OSError:
            time.sleep(0.1)
    raise RuntimeError("the S3 server did not start")


# --- The child ----------------------------------------------------------------------------------


def _child_row(name: str, kind: str, content: bytes) -> list[object]:
    from portal.uploads import sandbox
    from portal.uploads.cleaning.main import MEMORY

    start = time.perf_counter()
    with tempfile.TemporaryFile() as given:
        given.write(content)
        given.seek(0)
        child = subprocess.Popen(sandbox.command(kind), stdin=given, stdout=subprocess.PIPE, env={})
        assert child.stdout is not None
        said = child.stdout.readline()
        peak = _memory(child.pid, "VmHWM")  # it waits for us to read on, and has done its work
        while child.stdout.read(65536):
            pass
        child.wait()
    assert b"refused" not in said, (name, said)
    megabytes = len(content) / 1_000_000
    return [
        name,
        f"{megabytes:.1f}",
        f"{peak:.0f}",
        f"{peak / megabytes:.1f}",
        f"{peak * 1024 * 1024 / MEMORY:.2f}",
        f"{time.perf_counter() - start:.1f}",
    ]


def _samples() -> Iterator[tuple[str, str, bytes]]:
    import pillow_heif

    pillow_heif.register_heif_opener()
    yield "a photo, JPEG of 12 megapixels", "jpeg", _photo("JPEG", (4000, 3000))
    yield "a photo, HEIC of 12 megapixels", "heic", _photo("HEIF", (4000, 3000))
    yield "the largest JPEG, 60 megapixels", "jpeg", _photo("JPEG", (9000, 6600))
    yield "the largest PNG, 20 MB", "png", _noise(FULL * 99 // 100)
    yield "a scan, PDF of 50 pages", "pdf", _scan(50)


def _photo(kind: str, size: tuple[int, int]) -> bytes:
    from PIL import Image

    output = io.BytesIO()
    image = Image.effect_noise((size[0] // 4, size[1] // 4), 60).resize(size)
    image.convert("RGB").save(output, kind, quality=85)
    return output.getvalue()


def _noise(size: int) -> bytes:
    """Return a PNG of nearly `size` bytes that does not compress."""
    from PIL import Image

    width, output = 2000, io.BytesIO()
    height = max(1, size // (3 * width + 1))
    image = Image.frombytes("RGB", (width, height), os.urandom(3 * width * height))
    image.save(output, "PNG", compress_level=0)
    return output.getvalue()


def _scan(pages: int) -> bytes:
    import pikepdf
    from pikepdf import Name

    paper, page = pikepdf.Pdf.new(), _photo("JPEG", (960, 1358))
    for _ in range(pages):
        paper.add_blank_page(page_size=(595, 842))
        image = pikepdf.Stream(paper, b"")
        image["/Type"], image["/Subtype"] = Name.XObject, Name.Image
        image["/Width"], image["/Height"], image["/BitsPerComponent"] = 960, 1358, 8
        image["/ColorSpace"] = Name.DeviceRGB
        image.write(page, filter=Name.DCTDecode)
        paper.pages[-1].Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(Im0=image))
        paper.pages[-1].Contents = pikepdf.Stream(paper, b"q 595 0 0 842 0 0 cm /Im0 Do Q")
    output = io.BytesIO()
    paper.save(output)
    return output.getvalue()


if __name__ == "__main__":
    main()
