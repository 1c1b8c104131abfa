"""When the day of the appointment changes, papers may no longer be fresh (HO-03, DO-07, PA-03).

`Application.papers_judged_for` is the day that was looked at last.  Whoever sets another day
through `expect_on` has it looked at in the same transaction; what is booked in one statement, or
moved by hundreds, is found by `tell_of_waiting_days` within a minute.
"""

from __future__ import annotations

import uuid
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.utils import timezone

from portal.dates import civil_date
from portal.outbox.operations import enqueue
from portal.rules.findings import Finding, plain

from ..models import Application
from ..notifications import PapersNotFresh
from ..paper_freshness import Age, papers_on, spoiled_between
from ..verdicts import passport_verdict

BATCH = 500  # applications of one sweep


def tell_not_fresh(*, application: Application) -> None:
    """Tell, once for each day, which papers served before and do not on the booked day.

    Called inside a transaction.  Before: on the day looked at last, else today.  The verdict on
    the passport that is kept with the file is that of the booked day.
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
    _keep(application, papers_judged_for=day)
    if papers.of("passport").age is not Age.UNKNOWN:
        keep_passport_verdict(application=application, filing_date=day)


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


def keep_passport_verdict(*, application: Application, filing_date: date) -> None:
    """Store the verdict on the passport for the day on which the file is handed in."""
    _keep(application, passport_verdict=passport_verdict(application, filing_date).as_json())


def _keep(application: Application, **values: Any) -> None:
    for name, value in values.items():
        setattr(application, name, value)
    Application.objects.filter(pk=application.pk).update(**values)


def _stored(finding: Finding) -> dict[str, object]:
    return {
        "code": finding.code,
        "severity": finding.severity.value,
        "rule_id": finding.rule_id,
        "citation": finding.citation,
        "params": plain(finding.params),
    }
