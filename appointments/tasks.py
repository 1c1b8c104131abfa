"""Work that beat starts for appointments."""

import uuid

from celery import shared_task
from django.utils import timezone

from portal.dates import civil_date

from .capacity import open_horizon
from .enums import DrawState
from .models import Centre
from .operations import advance_plans, draw, draw_offers, draw_results, open_due


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
