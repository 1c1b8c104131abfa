"""Every move says why; every sentence can be worded (RD-06, RD-08)."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from appointments.rules.moves import (
    MoveRules,
    conflicts,
    plan_moves,
    replan,
    what_changed,
    why,
    why_not,
)
from appointments.wording import MOVES, REPLAN
from portal.wording import shown
from tests.appointments.rules.moves.worlds import at, facts, person, random_facts, slot

EARLIER = MoveRules(notice=timedelta(0), earlier_same_day=frozenset({"algiers"}))
TWO_DAYS = MoveRules(notice=timedelta(hours=48))


@pytest.mark.parametrize(
    ("item", "starts", "rules", "reason"),
    [
        (person("a", at(1, 9)), at(1, 15), TWO_DAYS, "MOVED_SAME_DAY"),
        (person("a", at(1, 9)), at(2, 9), TWO_DAYS, "MOVED_NEXT_FREE"),
        (person("a", at(-2, 9)), at(0, 9), TWO_DAYS, "MOVED_AFTER_NOTICE"),
        (person("a", at(1, 9)), at(1, 8), EARLIER, "MOVED_EARLIER_SAME_DAY"),
        (person("a", at(1, 9), may_be_earlier=True), at(0, 8), EARLIER, "MOVED_EARLIER_AGREED"),
        (person("a", at(1, 9), pinned=1), at(1, 15), TWO_DAYS, "MOVED_BY_HAND"),
    ],
)
def test_reason(item, starts, rules, reason) -> None:
    plan = plan_moves(facts([item], [slot(1, starts)], rules))
    (move,) = plan.moves
    finding = why(plan, move)
    assert (move.reason, finding.code, finding.rule_id) == (reason, reason, "RD-06")
    assert finding.params["new"] == starts


def test_every_finding_has_words() -> None:
    """Over many worlds, each sentence is formed from what its finding carries."""
    said = set()
    for seed in range(300):
        world = random_facts(seed, leave="ad", families=True, pins=True, notices=True)
        plan = plan_moves(world)
        found = [why(plan, move) for move in plan.moves]
        found += [finding for move in plan.moves for finding in conflicts(plan, move)]
        found += [why_not(plan, item) for item in plan.unplaced]
        later = replan(plan, replace(world, moment=world.moment + timedelta(hours=30)))
        changed = [what_changed(later, change) for change in later.changes]
        sentences = [shown(item, MOVES) for item in found] + [shown(i, REPLAN) for i in changed]
        assert all("%(" not in item.sentence + item.remedy for item in sentences)
        said |= {item.code for item in found}
    assert said == set(MOVES)


def test_sentence_names_the_notice() -> None:
    plan = plan_moves(facts([person("a", at(-2, 9))], [slot(1, at(0, 9))], TWO_DAYS))
    assert "48" in shown(why(plan, plan.moves[0]), MOVES).sentence
