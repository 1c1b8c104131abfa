"""A plan of new times is applied: every move, seat, line and message, or none (RD-06, RD-07).

First everything is made ready in tables of this connection, without a lock: Python seals what
people are told, which takes longest.  Then one transaction writes what nobody else sees yet,
locks in the order of the house, looks whether all is as planned, and moves everybody with a few
statements.  If something changed meanwhile nothing is written, and the plan is met by what
happened: a person must confirm it again.
"""

from __future__ import annotations

import json
import logging
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from functools import partial
from itertools import islice
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from portal import rows
from portal.audit import operations as audit
from portal.outbox import operations as outbox
from portal.outbox.broker import Announcer
from portal.outbox.mass_rows import COLUMNS as MESSAGE_COLUMNS

from ..enums import MovePlanState
from ..models import MovePlan
from ..move_facts import facts_of, moment_for
from ..move_refusals import NobodyToMove, PlanChanged, PlanNotReady
from ..move_rows import Preparing
from ..rules.moves import Plan, replan
from ..workflow import MOVE_PLAN_WORKFLOW
from . import move_statements as sql
from .move_plans import keep, locked

log = logging.getLogger(__name__)
announce_applying = Announcer("appointments.tasks.apply_move_plan").announce

_AT_ONCE = 1000  # people made ready between two words on how far it is
_STALE = timedelta(minutes=1)


class ChangedMeanwhile(Exception):  # noqa: N818  # no error: it leads to another plan
    """The rows are not any more what the plan was made from."""


@transaction.atomic
def apply(*, plan_id: uuid.UUID, digest: str, actor: Any) -> MovePlan:
    """Confirm the plan with this hash; a worker applies it.

    Raises PlanNotReady, PlanChanged if another plan was looked at, NobodyToMove.
    """
    plan = locked(plan_id)
    if plan.state != MovePlanState.READY:
        raise PlanNotReady(params={"state": plan.get_state_display()})
    if plan.digest != digest:
        raise PlanChanged
    if not plan.totals.get("moved"):
        raise NobodyToMove
    MOVE_PLAN_WORKFLOW.move(plan, "begin", actor=actor, details={"digest": digest})
    MovePlan.objects.filter(pk=plan_id).update(
        applied_by=actor, error="", done=0, of=plan.totals["moved"], updated_at=timezone.now()
    )
    transaction.on_commit(partial(announce_applying, str(plan_id)))
    return plan


def carry_out(*, plan_id: uuid.UUID) -> bool:
    """Apply a confirmed plan; tell whether everybody of it has moved.

    Safe to run again, and at the same time: one worker applies.  If something changed since the
    plan was frozen it is planned again and waits for a new confirmation.
    """
    with _alone(plan_id) as alone:
        row = MovePlan.objects.select_related("maintenance", "applied_by").get(pk=plan_id)
        if not alone or row.state != MovePlanState.APPLYING:
            return False
        plan = Plan.from_json(row.plan or {})
        row.plan = None
        try:
            with _made_ready(row, plan) as moved_at:
                _move_everybody(row, plan, moved_at)
        except ChangedMeanwhile as change:
            log.info("plan %s met other rows: %s", plan_id, change)
            _meet(row, plan)
            return False
        except Exception as error:
            _stop(plan_id, why=type(error).__name__)
            raise
        return True


def resume() -> int:
    """Give plans back that a dead worker was applying; returns how many there were.

    Its transaction is gone with it, so they are as they were before.
    """
    stale = MovePlan.objects.filter(
        state=MovePlanState.APPLYING, updated_at__lt=timezone.now() - _STALE
    )
    return sum(_given_back(key) for key in stale.values_list("pk", flat=True))


def _given_back(plan_id: uuid.UUID) -> bool:
    with _alone(plan_id) as alone:
        return alone and _stop(plan_id, why="the worker is gone")


# --- one worker for a plan ----------------------------------------------------------------------


@contextmanager
def _alone(plan_id: uuid.UUID) -> Iterator[bool]:
    """Tell whether nobody else applies the plan; ends with the connection at the latest."""
    key = f"move plan {plan_id}"
    alone = _asked("SELECT pg_try_advisory_lock(hashtextextended(%s, 0))", key)
    try:
        yield alone
    finally:
        if alone and connection.is_usable():
            _asked("SELECT pg_advisory_unlock(hashtextextended(%s, 0))", key)


def _asked(statement: str, *params: Any) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(statement, params)
        return bool(cursor.fetchone()[0])


@transaction.atomic
def _stop(plan_id: uuid.UUID, *, why: str = "") -> bool:
    row = locked(plan_id)
    if row.state != MovePlanState.APPLYING:
        return False
    MovePlan.objects.filter(pk=plan_id).update(error=why)
    MOVE_PLAN_WORKFLOW.move(row, "stop", actor=None)
    return True


# --- made ready, without a lock -----------------------------------------------------------------


@contextmanager
def _made_ready(row: MovePlan, plan: Plan) -> Iterator[datetime]:
    """Fill the tables of this connection with all that will be written; yields the moment."""
    moved_at = timezone.now()
    _run(sql.FORGET_READY)
    _run(sql.MAKE_READY % {"message_columns": MESSAGE_COLUMNS})
    try:
        preparing = Preparing(row, plan, moved_at)
        moves, done = iter(plan.moves), 0
        while some := list(islice(moves, _AT_ONCE)):
            moving, messages = preparing.rows(some)
            if len(moving) < len(some):
                raise ChangedMeanwhile("an appointment is gone or at another time")
            rows.copy("moving", moving)
            rows.copy("moving_message", messages)
            done += len(some)
            MovePlan.objects.filter(pk=row.pk).update(done=done, updated_at=timezone.now())
        rows.copy("unmoved", [(uuid.UUID(item.id),) for item in plan.unplaced])
        _run("ANALYZE moving")
        yield moved_at
    finally:
        if connection.is_usable():
            _run(sql.FORGET_READY)


def _run(statement: str, *params: Any) -> int:
    with connection.cursor() as cursor:
        cursor.execute(statement, params)
        return int(cursor.rowcount)


# --- one transaction ----------------------------------------------------------------------------


@transaction.atomic
def _move_everybody(row: MovePlan, plan: Plan, moved_at: datetime) -> None:
    _run(sql.NO_TRIGGER_LOOKS_AWAY)
    _run(sql.ONE_PLAN_AT_A_TIME, f"moves of {row.maintenance_id}")
    _check(row, plan)  # most of what can have changed shows here, before anybody has to wait
    _write_what_nobody_sees(row)
    for statement in sql.LOCKS:
        _run(statement)
    _check(row, plan)
    added = json.dumps(row.added)
    _run(sql.LEAVE_OLD_SLOTS)
    _run(sql.TAKE_NEW_SLOTS, added)
    _run(sql.MOVE_APPOINTMENTS, moved_at)
    _run(sql.MOVE_DAYS)
    _run(sql.REMEMBER_MOVES, row.pk, moved_at)
    _run(sql.SILENCE_OLDER_MESSAGES, moved_at)
    _finish(row, plan, moved_at)
    outbox.announce_many()


def _write_what_nobody_sees(row: MovePlan) -> None:
    """Write messages and trail before any lock, and have their references checked by now."""
    _run(sql.WRITE_MESSAGES % {"message_columns": MESSAGE_COLUMNS})
    statement, params = sql.trail_of(row)
    _run(statement, *params)
    _run("SET CONSTRAINTS ALL IMMEDIATE")
    _run("SET CONSTRAINTS ALL DEFERRED")


def _check(row: MovePlan, plan: Plan) -> None:
    """Look whether everything is as the plan says; what counts is the look under the locks."""
    now = timezone.now()
    by_rule = [move.new for move in plan.moves if not move.pinned]
    by_hand = [move.new for move in plan.moves if move.pinned]
    if min(by_rule, default=now + row.notice) < now + row.notice or min(by_hand, default=now) < now:
        raise ChangedMeanwhile("a new time is too near by now")
    for what, statement, params in (
        ("an appointment changed", sql.SOMEBODY_CHANGED, []),
        ("others must move", sql.OTHERS_MUST_MOVE, [row.maintenance_id] * 2),
        ("a seat is gone", sql.A_SEAT_IS_GONE, [json.dumps(row.added)]),
    ):
        if _asked(statement, *params):
            raise ChangedMeanwhile(what)


def _finish(row: MovePlan, plan: Plan, moved_at: datetime) -> None:
    """Write that the plan is applied, in one statement since its moment belongs to its state."""
    step = MOVE_PLAN_WORKFLOW.transition("apply")
    moved = MovePlan.objects.filter(pk=row.pk, state__in=step.sources).update(
        state=step.target, applied_at=moved_at, updated_at=timezone.now()
    )
    if not moved:
        raise ChangedMeanwhile("the plan itself")
    details = {"moved": len(plan.moves), "unplaced": len(plan.unplaced), "digest": row.digest}
    audit.record(actor=row.applied_by, action="moveplan.apply", subject=row, details=details)
    aside = MOVE_PLAN_WORKFLOW.transition("set_aside")
    others = MovePlan.objects.filter(maintenance=row.maintenance_id, state__in=aside.sources)
    for other in others.exclude(pk=row.pk).defer("plan").order_by("pk"):
        MOVE_PLAN_WORKFLOW.move(other, "set_aside", actor=row.applied_by)


@transaction.atomic
def _meet(row: MovePlan, plan: Plan) -> None:
    """Change as little of the plan as what happened asks for; it waits to be confirmed again."""
    again = replan(plan, facts_of(row, moment=moment_for(timezone.now())))
    present = locked(row.pk)
    if present.state != MovePlanState.APPLYING:
        return
    keep(present, again.plan, again.changes)
    details = {"changed": len(again.changes), "digest": present.digest}
    MOVE_PLAN_WORKFLOW.move(present, "stop", actor=None, details=details)
