"""How many verdicts a second each rule module gives, and how short stay grows with its stays.

Run with ``python -m bench.rules``.  One core, no database, no web.
"""

from __future__ import annotations

import json
import statistics
import time
from collections import defaultdict
from collections.abc import Callable
from datetime import date, timedelta
from importlib import import_module
from pathlib import Path

from applications.rules import short_stay
from applications.rules.short_stay import ShortStayFacts, Stay, short_stay_verdict
from portal.rules.parameters import Ruleset

CASES = Path("../shared/cases/rules.json")
SECONDS = 0.5
SIZES = (10, 30, 100, 300, 1_000, 3_000, 10_000)
SPACING, LENGTH = 24, 16  # days
ADAPTERS = {
    "passport": "applications.cases.passport",
    "exemption": "applications.cases.exemption",
    "competence": "applications.cases.competence",
    "stay_90_180": "applications.cases.short_stay",
    "stay_visa_limit": "applications.cases.visa_limit",
    "hosting": "applications.cases.hosting",
    "filing_window": "applications.cases.filing_window",
    "decision": "applications.cases.decision",
    "fee": "applications.cases.fee",
    "biometrics": "applications.cases.biometrics",
    "retention": "applications.cases.retention",
    "appointment": "appointments.cases.duty",
    "maintenance": "appointments.cases.maintenance",
    "appeal": "applications.cases.appeal",
}


def main() -> None:
    """Print both tables."""
    print("Verdicts per second (facts read from plain values, verdict with findings)\n")
    print(f"{'module':<18}{'cases':>6}{'per second':>14}")
    for module, inputs in _cases().items():
        print(f"{module:<18}{len(inputs):>6}{_per_second(module, inputs):>14,.0f}")
    print("\nShort stay and its growth (control; CPU time; 300 stays are 20 years)\n")
    print(f"{'stays':>8}{'median ms':>12}{'best ms':>10}{'µs per stay':>14}")
    for size in SIZES:
        median, best = _milliseconds(_facts(size))
        print(f"{size:>8,}{median:>12.3f}{best:>10.3f}{best * 1000 / size:>14.2f}")
    print("\nThe four questions over 300 stays\n")
    print(f"{'question':<12}{'median ms':>12}{'best ms':>10}")
    for name in ("control", "plan", "reentry", "trip"):
        median, best = _milliseconds(_facts(300), getattr(short_stay, f"check_{name}"))
        print(f"{name:<12}{median:>12.3f}{best:>10.3f}")


def _cases() -> dict[str, list[tuple[dict, Ruleset]]]:
    found = defaultdict(list)
    for case in json.loads(CASES.read_text(encoding="utf-8"))["cases"]:
        found[case["module"]].append((case["inputs"], Ruleset(case["ruleset"])))
    return found


def _per_second(module: str, inputs: list[tuple[dict, Ruleset]]) -> float:
    evaluate = import_module(ADAPTERS[module]).evaluate
    for values, ruleset in inputs:  # the calendar of holidays is read once per year asked for
        evaluate(values, ruleset)
    start, done = time.perf_counter(), 0
    while time.perf_counter() - start < SECONDS:
        for values, ruleset in inputs:
            evaluate(values, ruleset)
        done += len(inputs)
    return done / (time.perf_counter() - start)


def _facts(size: int) -> ShortStayFacts:
    """List stays of 16 days, one every 24: 300 of them fill 20 years, and nearly all are too long.

    The heaviest kind of traveller: no two stays merge, and every stay ends in an overstay.
    """
    first = date(2014, 1, 1)
    entries = [first + timedelta(days=number * SPACING) for number in range(size)]
    stays = tuple(Stay(entry, entry + timedelta(days=LENGTH - 1)) for entry in entries)
    end = first + timedelta(days=size * SPACING)
    return ShortStayFacts(stays=stays, day=end, until=end + timedelta(days=10), wanted_days=90)


def _milliseconds(
    facts: ShortStayFacts, check: Callable = short_stay.check_control, runs: int = 60
) -> tuple[float, float]:
    times = []
    for _ in range(runs):
        start = time.process_time()
        short_stay_verdict(check, facts)
        times.append((time.process_time() - start) * 1000)
    return statistics.median(times), min(times)


if __name__ == "__main__":
    main()
