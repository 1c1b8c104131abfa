from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from itertools import takewhile
from pathlib import Path

import pytest

from portal.devserver import processes
from portal.devserver.addresses import HOST, PROJECT, port_is_free
from portal.devserver.lock import AlreadyRunning, only_one
from portal.devserver.programs import command_lines, environment, free_web_port, manage
from portal.devserver.unreachable import ADVICE


def run(state: Path, *arguments: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        manage(*arguments),
        env=os.environ | {"GUICHET_STATE": str(state)},
        cwd=PROJECT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


@pytest.mark.parametrize("command", ["up", "servers"])
def test_a_second_start_says_so_in_one_sentence(state: Path, command: str) -> None:
    with only_one(state):
        second = run(state, command)
        said, complained = second.communicate()
    assert second.returncode == 1
    assert complained.splitlines() == [
        f"Guichet is already running here (process {os.getpid()}); stop that one with Ctrl-C first."
    ]
    assert said == ""


def test_the_lock_ends_with_its_process_though_a_child_lives_on(state: Path) -> None:
    program = (
        "import os, sys, time; from pathlib import Path\n"
        "from portal.devserver.lock import only_one\n"
        "with only_one(Path(sys.argv[1])):\n"
        "    child = os.fork() or time.sleep(30)\n"
        "    print(child, flush=True); time.sleep(30)\n"
    )
    holder = subprocess.Popen(
        [sys.executable, "-c", program, str(state)], cwd=PROJECT, stdout=subprocess.PIPE, text=True
    )
    assert holder.stdout is not None
    child = int(holder.stdout.readline())
    try:
        with pytest.raises(AlreadyRunning), only_one(state):
            pass
        holder.kill()
        holder.wait()
        with only_one(state):
            pass
    finally:
        os.kill(child, signal.SIGKILL)
        holder.stdout.close()


@pytest.fixture
def servers(state: Path) -> Iterator[subprocess.Popen[str]]:
    """`manage.py servers` in a folder of its own, with a Valkey to look after."""
    environ = {name: value for name, value in os.environ.items() if name != "REDIS_URL"}
    started = subprocess.Popen(
        manage("servers"),
        env=environ | {"GUICHET_STATE": str(state)},
        cwd=PROJECT,
        stdout=subprocess.PIPE,
        text=True,
    )
    yield started
    started.kill()
    started.communicate()


@pytest.mark.parametrize("end", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_every_way_to_end_stops_the_servers(
    state: Path, servers: subprocess.Popen[str], end: signal.Signals
) -> None:
    assert servers.stdout is not None
    said = list(takewhile(lambda line: not line.startswith("Ctrl-C"), servers.stdout))
    assert any(line.startswith("REDIS_URL=") for line in said)
    assert processes.living_in(state / "valkey", "valkey-server")
    servers.send_signal(end)
    assert servers.wait(30) == 0
    assert not processes.living_in(state / "valkey", "valkey-server")
    assert not processes.marked(state)


def test_a_taken_web_port_gives_way_to_the_next_free_one() -> None:
    with socket.socket() as other:
        other.bind((HOST, 0))
        other.listen()
        taken = other.getsockname()[1]
        chosen = free_web_port(taken)
        assert chosen is not None
        assert chosen > taken
        assert port_is_free(chosen)


def test_the_site_runs_on_localhost_without_debug_pages(state: Path) -> None:
    given = environment(state, 8001)
    assert given["GUICHET_BASE_URL"] == os.environ.get("GUICHET_BASE_URL", "http://localhost:8001")
    assert given["GUICHET_HTTPS"] == "0"
    assert "GUICHET_DEBUG" not in given or given["GUICHET_DEBUG"] == os.environ["GUICHET_DEBUG"]


def test_two_workers_stand_beside_web_and_beat(state: Path) -> None:
    lines = command_lines(state, 8000)
    assert set(lines) == {"web", "worker", "codes", "beat"}
    assert str(state) in lines["beat"]


def test_a_command_without_servers_says_how_to_start_them(state: Path) -> None:
    environ = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    ended = subprocess.run(
        manage("showmigrations"),
        env=environ | {"GUICHET_STATE": str(state)},
        cwd=PROJECT,
        capture_output=True,
        text=True,
    )
    assert ended.returncode == 1
    assert ended.stderr.strip() == ADVICE
