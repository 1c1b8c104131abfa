from __future__ import annotations

import os
import signal
import subprocess
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil
import psycopg
import pytest

from portal.devserver import processes
from portal.devserver.addresses import PROJECT, EmbeddedAddresses
from portal.devserver.programs import free_web_port, manage

GIVEN = ("PATH", "HOME", "LANG", "TMPDIR")


def all_of(state: Path) -> list[psutil.Process]:
    return [
        *processes.marked(state),
        *processes.living_in(state / "postgres", "postgres"),
        *processes.living_in(state / "valkey", "valkey-server"),
    ]


def gone(state: Path, seconds: float = 60) -> bool:
    until = time.monotonic() + seconds
    while all_of(state) and time.monotonic() < until:
        time.sleep(0.1)
    return not all_of(state)


@contextmanager
def site(state: Path, port: int) -> Iterator[subprocess.Popen[str]]:
    """`manage.py up` as a person starts it, once it has said that it runs."""
    environ = {name: os.environ[name] for name in GIVEN if name in os.environ}
    up = subprocess.Popen(
        manage("up", f"--port={port}"),
        env=environ | {"GUICHET_STATE": str(state)},
        cwd=PROJECT,
        stdout=(state / "terminal.txt").open("w"),
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )
    try:
        while "Ctrl-C stops it" not in (state / "terminal.txt").read_text():
            assert up.poll() is None, (state / "terminal.txt").read_text()
            time.sleep(0.1)
        yield up
    finally:
        up.kill()
        up.wait()


@pytest.mark.timeout(400)  # two whole starts, perhaps on a busy machine
def test_the_site_survives_a_kill_and_ends_whole_with_ctrl_c(state: Path) -> None:
    port = free_web_port(20_000)
    assert port is not None
    with site(state, port) as up:
        assert urllib.request.urlopen(f"http://localhost:{port}/healthz").status == 200
        with psycopg.connect(EmbeddedAddresses(state).database_url) as connection:
            connection.execute("CREATE TABLE kept AS SELECT 7 AS number")
        assert processes.marked(state)
        up.send_signal(signal.SIGKILL)
        up.wait()
    assert gone(state), "what a killed run leaves behind ends by itself"
    with site(state, port) as up:
        with psycopg.connect(EmbeddedAddresses(state).database_url) as connection:
            assert connection.execute("SELECT number FROM kept").fetchone() == (7,)
        up.send_signal(signal.SIGINT)
        assert up.wait(60) == 0
        assert all_of(state) == []
