"""Work that beat starts for appointments."""

import uuid

from celery import shared_task
from django.utils import timezone

from portal.database_clock import database_now
from portal.dates import civil_date

from .capacity import open_horizon
from .enums import DrawState
from .models import Centre
from .noticing import notice
from .operations import (
    advance_plans,
    draw,
    draw_offers,
    draw_results,
    fee_expiry,
    move_applying,
    move_plans,
    open_due,
    return_offers,
)


@shared_task  # type: ignore[untyped-decorator]
def open_slots() -> None:
    """Open the slots of every active centre up to its horizon; safe to run again."""
    today = civil_date(timezone.now())
    for centre in Centre.objects.filter(is_active=True):
        open_horizon(centre=centre, today=today)


@shared_task  # type: ignore[untyped-decorator]
def open_due_seats() -> None:
    """Open the seats whose random moment has come (AT-07); safe to run again."""
    open_due()


@shared_task  # type: ignore[untyped-decorator]
def advance_release_plans() -> None:
    """Begin, close and reveal release plans by the clock of the database; safe to run again."""
    advance_plans()


@shared_task  # type: ignore[untyped-decorator]
def release_unpaid() -> None:
    """Release appointments whose service fee was not paid in time (RD-03); safe to run again."""
    fee_expiry.release_unpaid()


@shared_task  # type: ignore[untyped-decorator]
def remind_of_fees() -> None:
    """Remind once, a day before the end, whoever has not paid yet (AT-02); safe to run again."""
    fee_expiry.remind()


@shared_task  # type: ignore[untyped-decorator]
def advance_draws() -> None:
    """Open, close, draw and settle draws by the clock of the database; safe to run again."""
    for one in draw.unfinished():
        if one.drawn_at is None:
            one = draw.begin_or_close(draw_id=one.pk)
        if one.state == DrawState.CLOSED and one.value_at is not None:
            run_draw.delay(str(one.pk))
        elif one.state == DrawState.DRAWN:
            draw_offers.advance(draw_id=one.pk)


@shared_task  # type: ignore[untyped-decorator]
def run_draw(draw_id: str) -> None:
    """Draw the lots and check the transcript; a second worker finds nothing to do (RD-08)."""
    key = uuid.UUID(draw_id)
    if draw_results.run(draw_id=key):
        draw_results.check(draw_id=key)


@shared_task  # type: ignore[untyped-decorator]
def check_draws() -> None:
    """Check transcripts whose worker died before it could."""
    for one in draw.unfinished():
        if one.drawn_at is not None and one.faults is None:
            draw_results.check(draw_id=one.pk)


@shared_task  # type: ignore[untyped-decorator]
def notice_signals() -> None:
    """Count bookings and cancellations, for a person to look at (AT-05); safe to run again."""
    notice(now=database_now())


@shared_task  # type: ignore[untyped-decorator]
def compute_move_plan(plan_id: str) -> None:
    """Compute a plan of new times (RD-06); safe to run again."""
    move_plans.compute(plan_id=uuid.UUID(plan_id))


# 100,000 people take minutes; still under the time after which the broker hands a task out again.
@shared_task(soft_time_limit=270, time_limit=285)  # type: ignore[untyped-decorator]
def apply_move_plan(plan_id: str) -> None:
    """Apply a confirmed plan of new times; safe to run again."""
    move_applying.carry_out(plan_id=uuid.UUID(plan_id))


@shared_task  # type: ignore[untyped-decorator]
def resume_move_plans() -> None:
    """Take up plans that a dead worker left, or that the broker never heard of."""
    move_plans.resume()
    move_applying.resume()


@shared_task  # type: ignore[untyped-decorator]
def offer_old_times() -> None:
    """Offer old times back that are free again, and end what nobody took; safe to run again."""
    return_offers.end_due()
    return_offers.offer_due()
