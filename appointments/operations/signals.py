"""What people do about a signal: look, clear, ask something for a while, object, answer (AT-05).

Nothing of it shuts anybody out.  What is asked is told with its reason, rule, end and the way to
object, and ends by itself.  Locks: the signal first, then what hangs on it.
"""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.db.models.functions import Now

from portal import constraints
from portal.accounts.models import User
from portal.audit import operations as audit
from portal.database_clock import database_now
from portal.dates import civil_date
from portal.outbox.operations import enqueue

from ..enums import PrecautionKind
from ..models import Objection, Precaution, Signal
from ..refusals import AskedAlready, NotConcerned, ObjectedAlready, SignalNeedsReason
from ..rules.law import LAW
from ..rules.signals import asked_for
from ..signal_notifications import ObjectionAnswered, PrecautionAsked
from ..workflow import OBJECTION_WORKFLOW, SIGNAL_WORKFLOW


@transaction.atomic
def look(*, signal: Signal, actor: User) -> Signal:
    """Record that somebody looks at it; raises TransitionRefused."""
    return _handled(SIGNAL_WORKFLOW.move(signal, "look", actor=actor), actor, signal.note)


@transaction.atomic
def clear(*, signal: Signal, actor: User, note: str) -> Signal:
    """Record that nothing is wrong, and end what was asked because of it.

    Raises TransitionRefused, or SignalNeedsReason.
    """
    note = _said(note)
    SIGNAL_WORKFLOW.move(signal, "clear", actor=actor, reason=note)
    now = database_now()
    for one in signal.precautions.filter(valid__contains=now).select_for_update():
        one.valid = DateTimeTZRange(one.valid.lower, now)
        one.save(update_fields=["valid"])
    return _handled(signal, actor, note)


@transaction.atomic
def ask(
    *, signal: Signal, account: User, kind: PrecautionKind, actor: User, reason: str
) -> Precaution:
    """Ask something of one account for the time AT-05 allows, and tell it so.

    Raises TransitionRefused, SignalNeedsReason, NotConcerned or AskedAlready.
    """
    reason = _said(reason)
    if not concerned(signal).filter(pk=account.pk).exists():
        raise NotConcerned
    SIGNAL_WORKFLOW.move(
        signal, "act", actor=actor, reason=reason, details={"asked": kind, "account": account.pk}
    )
    _handled(signal, actor, reason)
    now = database_now()
    until = now + asked_for(LAW.on(civil_date(now)))
    with constraints.explained({"one_precaution_of_a_kind_at_a_time": AskedAlready}):
        precaution = Precaution.objects.create(
            account=account,
            signal=signal,
            kind=kind,
            reason=reason,
            valid=DateTimeTZRange(now, until),
        )
    enqueue(PrecautionAsked.about(precaution))
    return precaution


@transaction.atomic
def object_to(*, signal: Signal, account: User, text: str) -> Objection:
    """Keep what a person says to a signal; staff see it beside it.  Raises ObjectedAlready."""
    with constraints.explained({"one_objection_per_signal_and_account": ObjectedAlready}):
        objection = Objection.objects.create(signal=signal, account=account, text=text)
    audit.record(
        actor=account, action="signal.object", subject=signal, details={"objection": objection.pk}
    )
    return objection


@transaction.atomic
def answer(*, objection: Objection, actor: User, text: str) -> Objection:
    """Answer an objection; the person gets it by e-mail.  Raises TransitionRefused.

    The trail keeps that it was answered, and not what was said.
    """
    text = _said(text)
    OBJECTION_WORKFLOW.move(objection, "answer", actor=actor)
    objection.answer = text
    objection.save(update_fields=["answer"])
    enqueue(ObjectionAnswered.about(objection))
    return objection


def concerned(signal: Signal) -> Any:
    """Return the accounts whose appointments a signal names."""
    return User.objects.filter(applications__appointments__signals=signal).distinct()


def asked_of(account: User) -> list[Precaution]:
    """Return what is asked of an account at this moment; one query."""
    found = Precaution.objects.filter(account=account, valid__contains=Now())
    return list(found.select_related("signal").order_by("valid"))


def asked_at_the_desk(account_id: int) -> list[Precaution]:
    """Return why the desk asks who booked for an account, if it does now; one query."""
    found = Precaution.objects.filter(account=account_id, kind=PrecautionKind.DESK)
    return list(found.filter(valid__contains=Now()))


def _said(text: str) -> str:
    if not text.strip():
        raise SignalNeedsReason
    return text.strip()


def _handled(signal: Signal, actor: User, note: str) -> Signal:
    signal.note, signal.handled_by = note, actor
    signal.save(update_fields=["note", "handled_by"])
    return signal
