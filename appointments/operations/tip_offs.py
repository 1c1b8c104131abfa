"""Take down what people tell of touts, and who looked at it (AT-01)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.db import transaction
from redis.exceptions import RedisError

from portal.attempts import Counter, count, network_of

from ..models import Centre, TipOff
from ..refusals import CannotCount, TooManyTipOffs
from ..workflow import TIP_OFF_WORKFLOW

PER_NETWORK = 20  # in a day; a café may have many honest guests


def report_tout(*, text: str, contact: str, centre: Centre | None, address: str) -> TipOff:
    """Keep what somebody tells; nobody needs an account or a name for it.

    Raises TooManyTipOffs for one network in a day, or CannotCount while the store is away.
    """
    try:
        [sent] = count([Counter("tip-off", network_of(address), timedelta(days=1))])
    except RedisError as error:
        raise CannotCount from error
    if sent > PER_NETWORK:
        raise TooManyTipOffs
    return TipOff.objects.create(text=text, contact=contact, centre=centre)


@transaction.atomic
def see_tip_off(*, tip_off: TipOff, actor: Any, note: str = "") -> TipOff:
    """Record that somebody looked at it, and what was done about it."""
    return TIP_OFF_WORKFLOW.move(tip_off, "see", actor=actor, reason=note)
