"""The longest that each text message may have to say, for the test that counts its pieces.

A kind that declares Channel.SMS needs a line here: the context its notification stores, with
names as long as they come.
"""

from __future__ import annotations

from typing import Any

LONGEST: dict[str, dict[str, Any]] = {
    "appointment_moved": {
        "reason": "update",
        "old_starts_at": "2026-12-23T15:30:00+01:00",
        "starts_at": "2026-12-30T15:30:00+01:00",
        "choice_until": "2026-12-29T15:30:00+01:00",
        "url": "https://rendez-vous.consulat.example/appointments/"
        "3f2b6a0e-9d5c-4f0a-8a4e-2c1d7b9e6f11/",
    },
    "old_time_offered": {
        "old_starts_at": "2026-12-23T15:30:00+01:00",
        "starts_at": "2026-12-30T15:30:00+01:00",
        "until": "2026-12-22T15:30:00+01:00",
        "url": "https://rendez-vous.consulat.example/appointments/"
        "3f2b6a0e-9d5c-4f0a-8a4e-2c1d7b9e6f11/",
    },
    "move": {"name": "Mohamed-Abderrahmane Benabdelouahab"},
}
