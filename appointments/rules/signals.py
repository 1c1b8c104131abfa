"""What a person should look at after people have booked: AT-03, AT-05, AT-07.

A signal says what was counted, over how long, and by which number; it decides nothing and asks
nothing of anybody.  Households are counted, not travellers: a guardian with five children is one,
and so is whoever books for them twice.  A café or a mobile carrier is many households behind one
network, so its mark is far away, and its reason says that they look like this.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from portal.rules.findings import Finding, Severity
from portal.rules.parameters import Law


class SignalKind(StrEnum):
    """What was noticed."""

    REBOOKING = "rebooking"  # one account cancels and books again
    HANDED_ON = "handed_on"  # what one account gives back, the same other one takes
    NETWORK = "network"  # many households book from one network
    PHONE = "phone"  # several households name one phone
    SPEED = "speed"  # bookings faster than anybody reads


RULES = {
    SignalKind.REBOOKING: "AT-03",
    SignalKind.HANDED_ON: "AT-07",
    SignalKind.NETWORK: "AT-05",
    SignalKind.PHONE: "AT-05",
    SignalKind.SPEED: "AT-05",
}
_CODES = {
    SignalKind.REBOOKING: "SIGNAL_REBOOKING",
    SignalKind.HANDED_ON: "SIGNAL_HANDED_ON",
    SignalKind.NETWORK: "SIGNAL_NETWORK",
    SignalKind.PHONE: "SIGNAL_PHONE",
    SignalKind.SPEED: "SIGNAL_SPEED",
}


@dataclass(frozen=True, slots=True)
class Mark:
    """More than `number` within `window` is a signal."""

    number: int
    window: timedelta

    @classmethod
    def by(cls, law: Law, kind: SignalKind) -> Mark:
        """Read the mark from the law of a day; raises LawError where it is silent."""
        return cls(
            number=law.value(RULES[kind], "signal_mark", kind),
            window=timedelta(days=law.value(RULES[kind], "signal_window", kind)),
        )


def fastest_reader(law: Law) -> timedelta:
    """Return the time under which nobody has read the page that is confirmed (AT-05)."""
    return timedelta(milliseconds=law.value("AT-05", "signal_fastest"))


def asked_for(law: Law) -> timedelta:
    """Return how long something may be asked of an account; then it ends by itself (AT-05)."""
    return timedelta(days=law.value("AT-05", "precaution_for"))


def _window(mark: Mark) -> dict[str, int]:
    return {"days": mark.window.days, "hours": mark.window // timedelta(hours=1)}


def signal(kind: SignalKind, numbers: Mapping[str, int], law: Law) -> Finding | None:
    """Return what `numbers` are a signal of, or None; `count` is compared with the mark.

    `numbers` holds `count` (times, or households), and `people` where travellers were counted.

    Rule: AT-03, AT-05, AT-07
    Source: 002 (no change, recurring addresses, gradual opening); the numbers are of the house
    Boundaries: as many as the mark: nothing; one more: a signal.
    """
    mark = Mark.by(law, kind)
    if numbers["count"] <= mark.number:
        return None
    return Finding.by(
        law.need(RULES[kind], "signal_mark", kind),
        _CODES[kind],
        Severity.REVIEW,
        **{**numbers, "mark": mark.number, **_window(mark)},
    )
