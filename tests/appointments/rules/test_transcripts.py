"""Writing transcripts in one way only, and naming what differs."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from appointments.rules.transcripts import (
    Fault,
    canonical,
    differences,
    instant,
    read_instant,
    second_of,
)


def test_there_is_one_way_to_write_a_value() -> None:
    assert canonical({"b": [1, None], "a": "é\n"}) == b'{"a":"\\u00e9\\n","b":[1,null]}'


def test_moments_are_written_in_utc_to_the_second() -> None:
    moment = datetime.fromisoformat("2026-01-05T09:00:00+01:00")
    assert instant(moment) == "2026-01-05T08:00:00Z"
    assert read_instant("2026-01-05T08:00:00Z") == moment
    with pytest.raises(ValueError):
        instant(datetime(2026, 1, 5))
    with pytest.raises(ValueError):
        instant(moment.replace(microsecond=1))
    assert second_of(moment.replace(microsecond=1)) == moment


@pytest.mark.parametrize(
    ("expected", "found", "faults"),
    [
        ({"a": [1, 2]}, {"a": [1, 2]}, []),
        ({"a": [1, 2]}, {"a": [1, 3]}, [Fault("different", "a.1", 2, 3)]),
        ({"a": [1, 2]}, {"a": [1]}, [Fault("missing", "a.1", 2)]),
        ({"a": [1]}, {"a": [1, 2]}, [Fault("unknown", "a.1", None, 2)]),
        ({"a": 1}, {}, [Fault("missing", "a", 1)]),
        ({}, {"a": 1}, [Fault("unknown", "a", None, 1)]),
        ({"a": 1}, {"a": True}, [Fault("different", "a", 1, True)]),
        ({"a": 1}, {"a": 1.0}, [Fault("different", "a", 1, 1.0)]),
        ({"a": {}}, {"a": []}, [Fault("different", "a", {}, [])]),
    ],
)
def test_each_difference_has_its_place(expected: Any, found: Any, faults: list[Fault]) -> None:
    assert list(differences(expected, found)) == faults


def test_moments_compare_in_utc() -> None:
    assert read_instant(instant(datetime(2026, 7, 1, tzinfo=UTC))).tzinfo is UTC
