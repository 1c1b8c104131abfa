"""Lots: the same for whoever has the key, even for all others."""

from __future__ import annotations

import hashlib
import hmac
from collections import Counter

import pytest

from appointments.rules import lots as lots_module
from appointments.rules.lots import Lots, commitment, derived_key

SEED = bytes(range(32))


def test_the_commitment_is_what_the_documentation_says() -> None:
    assert commitment(SEED) == hashlib.sha256(b"guichet:commitment:v1\0" + SEED).hexdigest()
    assert commitment(SEED) != hashlib.sha256(SEED).hexdigest()


def test_a_lot_is_an_hmac_over_its_labels() -> None:
    key = derived_key(SEED, "draw", "centre")
    assert key == hmac.digest(SEED, b'["draw","centre"]', "sha256")
    mac = hmac.digest(key, b'["ticket","r1",0]', "sha256")
    assert Lots(key).number("ticket", "r1", 0) == int.from_bytes(mac, "big")


@pytest.mark.parametrize("seed", [b"", bytes(31), bytes(33)])
def test_a_seed_has_32_bytes(seed: bytes) -> None:
    with pytest.raises(ValueError):
        commitment(seed)
    with pytest.raises(ValueError):
        derived_key(seed, "x")


def test_labels_cannot_run_into_each_other() -> None:
    lots = Lots(SEED)
    assert lots.number("ab", "c") != lots.number("a", "bc")
    assert lots.number("a", 1) != lots.number("a", "1")


def test_each_number_is_drawn_about_as_often() -> None:
    drawn = Counter(Lots(SEED).below(6, "die", one) for one in range(6000))
    assert sorted(drawn) == [0, 1, 2, 3, 4, 5]
    # Chi-squared with 5 degrees of freedom: 20.5 is passed once in a thousand seeds; ours is fixed.
    assert sum((count - 1000) ** 2 / 1000 for count in drawn.values()) < 20.5


def test_the_incomplete_last_round_is_thrown_away(monkeypatch: pytest.MonkeyPatch) -> None:
    """In a space of 8, a lot below 3 takes 0 … 5 and throws 6 and 7 away."""
    monkeypatch.setattr(lots_module, "LOT_SPACE", 8)
    found = iter([6, 7, 5])
    monkeypatch.setattr(Lots, "number", lambda self, *labels: next(found))
    assert Lots(SEED).below(3, "x") == 2


@pytest.mark.parametrize("bound", [0, -1, 2**256 + 1])
def test_there_is_no_lot_below_nothing(bound: int) -> None:
    with pytest.raises(ValueError):
        Lots(SEED).below(bound, "x")
