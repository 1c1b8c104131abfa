"""When the day of the appointment changes, papers may no longer be fresh (HO-03, DO-07, PA-03)."""

from __future__ import annotations

from datetime import date

from portal.outbox.operations import enqueue
from portal.rules.findings import Finding, plain

from ..models import Application
from ..notifications import PapersNotFresh
from ..paper_freshness import papers_on, spoiled_between


def tell_not_fresh(*, application: Application, before: date) -> None:
    """Tell, once for each day, which papers served on `before` and do not on the booked day.

    Called inside the transaction that sets `application.appointment_day`.
    """
    day = application.appointment_day
    if day is None or day == before:
        return
    papers = papers_on(application, day)
    found = [(kind, papers.of(kind).findings[0]) for kind in spoiled_between(papers, before)]
    if found:
        stored = [(kind, _stored(finding)) for kind, finding in found]
        enqueue(PapersNotFresh.about(application, day, stored))


def _stored(finding: Finding) -> dict[str, object]:
    return {
        "code": finding.code,
        "severity": finding.severity.value,
        "rule_id": finding.rule_id,
        "citation": finding.citation,
        "params": plain(finding.params),
    }
