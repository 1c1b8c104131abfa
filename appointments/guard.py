"""Counts attempts to book and says what is asked of whoever tries too often (AT-05)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from applications.models import Application
from portal.attempts import Counter, count, has_waited, network_of

from .rules.law import LAW
from .rules.limits import Budget, Judgement, Marks, judge

_FORGET_WAIT = timedelta(minutes=10)


def judge_attempt(
    *, address: str, applications: Sequence[Application], day: date, solved: bool = False
) -> Judgement:
    """Count an attempt from a network address and return what is asked before it goes on.

    A household that books together is one attempt, however many children it has (AP-01).
    Raises redis.RedisError while the store is away: then nobody books by this way.
    """
    law = LAW.on(day, applications[0].mission.ruleset_for("AT"))
    owners = _owners(address, applications)
    marks = {budget: Marks.by(law, budget) for budget, _whose in owners}
    counters = [Counter(budget, whose, marks[budget].window) for budget, whose in owners]
    travellers = tuple(sorted({bytes(one.traveller_key or b"").hex() for one in applications}))
    for budget, whose in _gatherers(address, applications):
        marks[budget] = Marks.by(law, budget)
        counters.append(Counter(budget, whose, marks[budget].window, different=travellers))
    attempts: dict[Budget, int] = {}
    for counter, number in zip(counters, count(counters), strict=True):
        budget = Budget(counter.kind)
        attempts[budget] = max(number, attempts.get(budget, 0))
    return judge(attempts, marks, solved=solved)


def wait_is_over(application: Application, lasts: timedelta) -> bool:
    """Tell whether an account that was told to wait `lasts` has done so; then it goes on once.

    Each account of a network waits for itself.  Raises redis.RedisError while the store is away.
    """
    return has_waited(Counter("waiting", str(application.owner_id), _FORGET_WAIT), lasts)


def _gatherers(address: str, applications: Sequence[Application]) -> list[tuple[Budget, str]]:
    """Return for whom different travellers are counted, not attempts."""
    return [
        (Budget.NETWORK_TRAVELLERS, network_of(address)),
        (Budget.ACCOUNT_TRAVELLERS, str(applications[0].owner_id)),
    ]


def _owners(address: str, applications: Sequence[Application]) -> list[tuple[Budget, str]]:
    """Return whose budgets an attempt is counted in, each once."""
    first = applications[0]
    account = str(first.owner_id)
    names = {bytes(one.name_key or b"").hex() for one in applications}
    passports = {bytes(one.passport_key or b"").hex() for one in applications}
    phones = {str(one.details.get("phone", "")) for one in applications} - {""}
    return [
        (Budget.NETWORK, network_of(address)),
        (Budget.ACCOUNT, account),
        *((Budget.HOUSEHOLD, f"{account} {name}") for name in sorted(names)),
        *((Budget.PHONE, phone) for phone in sorted(phones)),
        *((Budget.PASSPORT, passport) for passport in sorted(passports)),
    ]
