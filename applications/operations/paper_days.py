"""When the day of the appointment changes, papers may no longer be fresh (HO-03, DO-07, PA-03).

`Application.papers_judged_for` is the day that was looked at last.  Whoever sets another day
through `expect_on` has it looked at in the same transaction; what is booked in one statement, or
moved by hundreds, is found by `tell_of_waiting_days` within a minute.
"""

from __future__ import annotations

import uuid
from datetime import date

from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.utils import timezone

from portal.dates import civil_date
from portal.outbox.operations import enqueue
from portal.rules.findings import Finding, plain

from ..models import Application
from ..notifications import PapersNotFresh
from ..paper_freshness import papers_on, spoiled_between

BATCH = 500  # applications of one sweep


def tell_not_fresh(*, application: Application) -> None:
    """Tell, once for each day, which papers served before and do not on the booked day.

    Called inside a transaction.  Before: on the day looked at last, else today.
    """
    day = application.appointment_day
    if day is None or day == application.papers_judged_for:
        return
    today = civil_date(timezone.now())
    papers = papers_on(application, day)
    spoiled = spoiled_between(papers, application.papers_judged_for or today)
    if spoiled and day >= today:
        found = [(kind, _stored(papers.of(kind).findings[0])) for kind in spoiled]
        enqueue(PapersNotFresh.about(application, day, found))
    _remember(application, day)


def tell_of_waiting_days() -> int:
    """Look at the days that nobody has looked at yet; returns how many were."""
    told = 0
    for key in list(_waiting().values_list("pk", flat=True)[:BATCH]):
        with transaction.atomic():
            application = _locked(key)
            if application is not None:
                tell_not_fresh(application=application)
                told += 1
    return told


def _waiting() -> QuerySet[Application]:
    unseen = Q(papers_judged_for__isnull=True) | ~Q(papers_judged_for=F("appointment_day"))
    return Application.objects.filter(unseen, appointment_day__isnull=False)


def _locked(key: uuid.UUID) -> Application | None:
    rows = _waiting().select_related("mission", "owner")
    return rows.select_for_update(of=("self",), skip_locked=True).filter(pk=key).first()


def _remember(application: Application, day: date) -> None:
    application.papers_judged_for = day
    Application.objects.filter(pk=application.pk).update(papers_judged_for=day)


def _stored(finding: Finding) -> dict[str, object]:
    return {
        "code": finding.code,
        "severity": finding.severity.value,
        "rule_id": finding.rule_id,
        "citation": finding.citation,
        "params": plain(finding.params),
    }
