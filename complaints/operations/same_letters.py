"""Whether a letter that arrives is in the register already (RC-02).

A person who is anxious sends one letter by post, by fax and by mail.  Nothing here refuses: it
finds, and whoever registers decides.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Q

from ..enums import Category, FileRole
from ..models import Appeal, CaseFile
from ..rules.receipt import one_letter_within
from ..search_index import name_parts
from .arrival import Person

_LETTERS = (FileRole.APPEAL, FileRole.SCAN)


def same_file(mission: Any, digests: Collection[bytes]) -> Appeal | None:
    """Return the first appeal to the mission that brought one of these very files."""
    found = CaseFile.objects.filter(
        case__mission=mission,
        case__category=Category.APPEAL,
        role__in=_LETTERS,
        file__digest__in=list(digests),
    ).order_by("case__received_at")
    row = found.values_list("case_id", flat=True).first()
    return Appeal.objects.filter(pk=row).first() if row else None


def same_matter(
    mission: Any, person: Person, *, against: str, notified: Any, arrived_at: datetime
) -> Appeal | None:
    """Return an appeal of somebody so called against a decision of that day, sent lately."""
    days = timedelta(days=one_letter_within(arrived_at))
    rows = Appeal.objects.filter(
        mission=mission,
        against=against,
        notified_on=notified,
        arrived_at__range=(arrived_at - days, arrived_at + days),
    )
    alike = Q(case__person_key=person.key) | Q(case__name_parts=name_parts(person.name))
    return rows.filter(alike).order_by("arrived_at").first()
