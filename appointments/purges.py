"""When signals, traces of bookings and requests in draws end by themselves (DP-04)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from applications.rules.law import LAW
from applications.rules.retention import Kept, kept_since
from portal.data_rights.purges import Purge, register_purge, start_of

from .enums import DrawState, ObjectionState
from .models import BookingTrace, DrawRequest, MissedDraw, Objection, Precaution, Signal

FORGOTTEN = "forgotten"  # in place of a hash whose time is over


def register() -> None:
    """Tell the registry; called once the apps are ready."""
    for name, title, model, due, remove in (
        ("booking_trace", _("How bookings were made"), BookingTrace, old_booking_traces, _delete),
        ("signal", _("Signals"), Signal, old_signals, remove_signals),
        ("draw_request", _("Requests in draws"), DrawRequest, old_draw_requests, _delete),
        ("missed_draw", _("Missed draws"), MissedDraw, old_missed_draws, _delete),
    ):
        rows = model._default_manager.all
        register_purge(Purge(name=name, title=title, rows=rows, due=due, remove=remove))


def old_booking_traces(today: date) -> QuerySet[BookingTrace]:
    """Hashed networks and phones of bookings that are older than their period."""
    return BookingTrace.objects.filter(at__lt=start_of(_first(Kept.ABUSE_HASH, today)))


def old_signals(today: date) -> QuerySet[Signal]:
    """Signals whose last event is older than their period.

    One with an objection to answer, or a measure that has not ended, is due for its hash alone.
    """
    rows = Signal.objects.filter(last_seen_at__lt=start_of(_first(Kept.ABUSE_HASH, today)))
    return rows.exclude(Q(_still_open()) & Q(subject__startswith=FORGOTTEN))


def remove_signals(rows: Sequence[Signal]) -> int:
    """Delete locked signals with all that hangs on them; of open ones only the hash."""
    keys = [row.pk for row in rows]
    for row in Signal.objects.filter(_still_open(), pk__in=keys):
        row.subject = f"{FORGOTTEN} {row.pk}"
        row.save(update_fields=["subject"])
        keys.remove(row.pk)
    Signal.objects.filter(pk__in=keys).delete()
    return len(rows)


def old_draw_requests(today: date) -> QuerySet[DrawRequest]:
    """Requests of draws that are over, for days as long ago as appointments are kept.

    The transcript stays: it knows nobody, and it must stay checkable.
    """
    over = (DrawState.SETTLED, DrawState.CANCELLED)
    first = _first(Kept.APPOINTMENT, today)
    return DrawRequest.objects.filter(draw__state__in=over, draw__days__endswith__lte=first)


def old_missed_draws(today: date) -> QuerySet[MissedDraw]:
    """Hashed counts of travellers who have asked for nothing as long as a file may wait."""
    return MissedDraw.objects.filter(changed_at__lt=start_of(_first(Kept.IDLE_FILE, today)))


def _still_open() -> Q:
    objections = Objection.objects.filter(signal=OuterRef("pk"), state=ObjectionState.OPEN)
    measures = Precaution.objects.filter(signal=OuterRef("pk"), valid__endswith__gt=Now())
    return Q(Exists(objections)) | Q(Exists(measures))


def _first(kind: Kept, today: date) -> date:
    return kept_since(kind, today, LAW.on(today))


def _delete(
    rows: Sequence[BookingTrace] | Sequence[DrawRequest] | Sequence[MissedDraw],
) -> int:
    type(rows[0])._default_manager.filter(pk__in=[row.pk for row in rows]).delete()
    return len(rows)
