from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import psycopg
import pytest
import redis

from portal.devserver import installation, processes
from portal.devserver.addresses import HOST, PROJECT, EmbeddedAddresses
from portal.devserver.failures import ServerFailed
from portal.devserver.postgres import Postgres
from portal.devserver.servers import Servers
from portal.devserver.valkey import Valkey


@pytest.fixture(scope="module")
def home() -> Iterator[Path]:
    """One data folder for the tests that leave it usable: making one takes a second."""
    folder = Path(tempfile.mkdtemp(prefix="guichet-state-")).resolve()
    yield folder
    Servers(folder, durable=False).stop()
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def postgres(home: Path) -> Postgres:
    server = Postgres(home, durable=False)
    server.start()
    return server


def ask(state: Path, query: str) -> object:
    with psycopg.connect(EmbeddedAddresses(state).database_url, autocommit=True) as connection:
        cursor = connection.execute(query)
        row = cursor.fetchone() if cursor.description else None
        return row[0] if row else None


def heads(state: Path) -> list[psutil.Process]:
    return processes.living_in(state / "postgres", "postgres")


def wait_until(holds: Callable[[], bool], seconds: float = 20) -> bool:
    until = time.monotonic() + seconds
    while not holds() and time.monotonic() < until:
        time.sleep(0.05)
    return holds()


@pytest.mark.parametrize("extension", ["unaccent", "pg_trgm", "btree_gist"])
def test_the_extensions_that_the_constraints_need_are_there(
    postgres: Postgres, extension: str
) -> None:
    ask(postgres.state, f"CREATE EXTENSION IF NOT EXISTS {extension}")
    assert ask(postgres.state, f"SELECT 1 FROM pg_extension WHERE extname = '{extension}'") == 1


def test_it_is_postgresql_18_in_utf8_with_room_for_many_connections(postgres: Postgres) -> None:
    assert str(ask(postgres.state, "SHOW server_version")).startswith("18.")
    assert ask(postgres.state, "SHOW server_encoding") == "UTF8"
    assert int(str(ask(postgres.state, "SHOW max_connections"))) >= 300


def test_only_the_password_opens_it(postgres: Postgres) -> None:
    url = EmbeddedAddresses(postgres.state).database_url
    password = EmbeddedAddresses(postgres.state).password("postgres")
    with pytest.raises(psycopg.OperationalError, match="password"):
        psycopg.connect(url.replace(password, "guess"))


def test_data_outlive_a_stop_and_a_kill(postgres: Postgres) -> None:
    ask(postgres.state, "CREATE TABLE IF NOT EXISTS kept AS SELECT 7 AS number")
    postgres.stop()
    postgres.start()
    ask(postgres.state, "CHECKPOINT")
    for process in heads(postgres.state):
        process.kill()
    assert (postgres.state / "postgres" / "postmaster.pid").exists()
    postgres.start()
    assert ask(postgres.state, "SELECT number FROM kept") == 7


def test_a_stale_pid_file_that_names_a_living_stranger_is_no_hindrance(postgres: Postgres) -> None:
    postgres.stop()
    (postgres.state / "postgres" / "postmaster.pid").write_text(f"{os.getpid()}\n")
    postgres.start()
    assert ask(postgres.state, "SELECT 1") == 1


def test_starting_twice_leaves_one_server(postgres: Postgres) -> None:
    first = {process.pid for process in heads(postgres.state)}
    postgres.start()
    second = {process.pid for process in heads(postgres.state)}
    assert first.isdisjoint(second)
    assert ask(postgres.state, "SELECT 1") == 1


def test_servers_of_another_folder_keep_running(postgres: Postgres, state: Path) -> None:
    Servers(state, durable=False).stop()
    assert ask(postgres.state, "SELECT 1") == 1


def test_a_failure_names_the_log(postgres: Postgres) -> None:
    postgres.stop()
    version = postgres.state / "postgres" / "PG_VERSION"
    kept = version.read_text()
    version.write_text("12\n")
    try:
        with pytest.raises(ServerFailed, match=r"postgres\.log"):
            postgres.start()
    finally:
        version.write_text(kept)


def test_a_data_folder_left_half_made_is_made_anew_even_deep_down(state: Path) -> None:
    deep = state / ("a-folder-with-a-long-name-" * 4) / "and-spaces and 'quotes'"
    (deep / "postgres" / "base").mkdir(parents=True)
    (deep / "postgres.new").mkdir()
    server = Postgres(deep, durable=False)
    server.start()
    try:
        assert ask(deep, "SELECT 1") == 1
    finally:
        server.stop()
    assert heads(deep) == []


@pytest.mark.skipif(os.geteuid() != 0, reason="only root cannot run PostgreSQL itself")
def test_a_folder_closed_to_others_stays_closed(
    state: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    elsewhere = Path(tempfile.mkdtemp()).resolve()
    elsewhere.chmod(0o755)
    monkeypatch.setattr(installation, "ELSEWHERE", elsewhere)
    state.chmod(0o700)
    server = Postgres(state / "project", durable=False)
    try:
        server.start()
        assert ask(state / "project", "SELECT 1") == 1
    finally:
        server.stop()
        shutil.rmtree(elsewhere)
    assert state.stat().st_mode & 0o777 == 0o700


def test_valkey_comes_back_with_its_data_after_a_kill(state: Path) -> None:
    server = Valkey(state)
    server.start()
    with redis.Redis.from_url(EmbeddedAddresses(state).redis_url) as client:
        client.set("kept", "7")
        time.sleep(1.1)  # Valkey writes its journal to disk every second
    for process in processes.living_in(state / "valkey", "valkey-server"):
        process.kill()
    server.start()
    with redis.Redis.from_url(EmbeddedAddresses(state).redis_url) as client:
        assert client.get("kept") == b"7"
        assert str(client.info()["valkey_version"]).startswith("9.")


def test_a_port_that_another_program_took_is_given_up(state: Path) -> None:
    taken = EmbeddedAddresses(state).valkey_port
    with socket.socket() as other:
        other.bind((HOST, taken))
        other.listen()
        Servers(state, durable=False, postgres=False).start()
    assert EmbeddedAddresses(state).valkey_port != taken
    with redis.Redis.from_url(EmbeddedAddresses(state).redis_url) as client:
        assert client.ping()


def test_servers_end_when_their_starter_is_killed(state: Path) -> None:
    program = (
        "import sys; from pathlib import Path; from portal.devserver.servers import *;"
        "state = Path(sys.argv[1]); guard(state, remove=True);"
        "Servers(state, durable=False, postgres=False).start(); print('up', flush=True); input()"
    )
    starter = subprocess.Popen(
        [sys.executable, "-c", program, str(state)],
        cwd=PROJECT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert starter.stdout is not None
    assert starter.stdout.readline() == "up\n"
    assert processes.living_in(state / "valkey", "valkey-server")
    starter.send_signal(signal.SIGKILL)
    starter.communicate()
    assert wait_until(lambda: not state.exists())
    assert not processes.living_in(state / "valkey", "valkey-server")
