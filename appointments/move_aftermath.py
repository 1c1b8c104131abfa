"""What followed from a plan that was applied: whom its messages reached, and every step since.

For the page of the plan.  People are numbers here, except in the steps, which name references.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from itertools import chain

from django.db.models import Count, Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from portal.audit.models import Entry
from portal.outbox.counting import Tally, people_reached, tallies
from portal.outbox.models import Message
from portal.outbox.workflow import State

from .enums import MaintenanceState, MoveKind, MovePlanState, OfferState
from .models import AppointmentMove, Maintenance, MovePlan, ReturnOffer

STEPS = 100  # the latest steps of people; the trail has all

_DONE = {
    "maintenance.plan": gettext_lazy("Maintenance planned"),
    "maintenance.announce": MaintenanceState.ANNOUNCED.label,
    "maintenance.shorten": gettext_lazy("Maintenance shortened"),
    "maintenance.extend": gettext_lazy("Maintenance extended"),
    "maintenance.call_off": MaintenanceState.CALLED_OFF.label,
    "moveplan.plan": gettext_lazy("Plan of new times begun"),
    "moveplan.compute": gettext_lazy("Plan to be computed again"),
    "moveplan.freeze": gettext_lazy("Plan computed"),
    "moveplan.fail": MovePlanState.FAILED.label,
    "moveplan.begin": gettext_lazy("Applying confirmed"),
    "moveplan.stop": gettext_lazy("Something had changed: nobody moved, to be confirmed again"),
    "moveplan.apply": pgettext_lazy("a plan", "Everybody moved"),
    "moveplan.set_aside": MovePlanState.SET_ASIDE.label,
}
_ANSWERS = {
    OfferState.ACCEPTED: gettext_lazy("Old time taken back"),
    OfferState.DECLINED: gettext_lazy("Old time not wanted"),
    OfferState.LAPSED: gettext_lazy("Old time not answered for"),
}


@dataclass(frozen=True, slots=True)
class Aftermath:
    """Numbers of one applied plan."""

    tallies: list[Tally]
    bounced: int
    people: int
    reached: int
    noted: int
    chose: int  # another time, or cancelled instead
    offers: list[tuple[str, int]]


@dataclass(frozen=True, slots=True)
class Happened:
    """One step: when, who, what, about whom or why."""

    at: datetime
    who: str
    what: str
    about: str = ""


def aftermath(plan: MovePlan) -> Aftermath:
    """Count what followed from an applied plan; a constant number of queries."""
    moved = plan.moves.filter(kind=MoveKind.MAINTENANCE).aggregate(
        people=Count("pk"),
        noted=Count("pk", Q(opened_at__isnull=False)),
        chose=Count("pk", Q(chosen_at__isnull=False)),
    )
    offers = ReturnOffer.objects.filter(move__plan=plan).order_by("state").values_list("state")
    return Aftermath(
        tallies=tallies(plan.bulk),
        bounced=Message.objects.filter(bulk=plan.bulk, state=State.BOUNCED).count(),
        reached=people_reached(plan.bulk),
        offers=[
            (str(OfferState(state).label), count)
            for state, count in offers.annotate(count=Count("pk"))
        ],
        **moved,
    )


def timeline(maintenance: Maintenance) -> list[Happened]:
    """Return every step of a maintenance and its plans, and the latest of people, in order."""
    return sorted(
        chain(_of_staff(maintenance), _choices(maintenance), _offers(maintenance)),
        key=lambda one: one.at,
    )


def _of_staff(maintenance: Maintenance) -> list[Happened]:
    plans = [str(pk) for pk in maintenance.plans.values_list("pk", flat=True)]
    entries = Entry.objects.filter(
        Q(subject_type="appointments.maintenance", subject_id=str(maintenance.pk))
        | Q(subject_type="appointments.moveplan", subject_id__in=plans)
    )
    return [
        Happened(one.at, one.actor_label, str(_DONE.get(one.action, one.action)), one.reason)
        for one in entries
    ]


def _choices(maintenance: Maintenance) -> list[Happened]:
    rows = AppointmentMove.objects.filter(plan__maintenance=maintenance)
    rows = rows.exclude(kind=MoveKind.MAINTENANCE)
    return [
        Happened(
            one.moved_at, _("traveller"), str(MoveKind(one.kind).label), one.appointment.reference
        )
        for one in rows.select_related("appointment").order_by("-moved_at")[:STEPS]
    ]


def _offers(maintenance: Maintenance) -> list[Happened]:
    rows = ReturnOffer.objects.filter(move__plan__maintenance=maintenance)
    rows = rows.exclude(state=OfferState.NOT_OFFERED).select_related("move__appointment")
    found = []
    for one in rows.order_by("-offered_at")[:STEPS]:
        about = one.move.appointment.reference
        found.append(Happened(one.offered_at, _("the clock"), _("Old time offered back"), about))
        said = _ANSWERS.get(OfferState(one.state))
        if said and one.answered_at:
            lapsed = one.state == OfferState.LAPSED
            who = _("the clock") if lapsed else _("traveller")
            found.append(Happened(one.answered_at, who, str(said), about))
    return found
