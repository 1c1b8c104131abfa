"""What an agent should look at before the counter does; it never blocks anybody (AT-05)."""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from portal.accounts.models import User
from portal.dates import civil_date
from portal.rules.findings import Finding, plain

from ..enums import ApplicationState, Relation
from ..models import Application
from ..rules.household import Kinship, Person, is_minor, unrelated_adults
from ..rules.law import LAW

CODE = "MANY_UNRELATED_ADULTS"


def mark_unrelated_adults(owner: User) -> None:
    """Set or lift the mark on the files of the unrelated adults of one account.

    Called inside the transaction that submits a file; the household is locked.
    """
    law = LAW.on(civil_date(timezone.now()))
    files = [*_submitted(owner)]
    travellers = {bytes(row.traveller_key): person(row) for row in files if row.traveller_key}
    found = unrelated_adults(travellers.values(), law)
    for row in files:
        unrelated = person(row).kinship is Kinship.UNRELATED and not is_minor(row.birth_date, law)
        _mark(row, found if unrelated else None)


def person(application: Application) -> Person:
    """Return whom an application is for, as the rule sees it."""
    traveller = application.person
    relation = traveller.relation if traveller else application.details.get("relation")
    unrelated = relation == Relation.UNRELATED
    return Person(
        kinship=Kinship.UNRELATED if unrelated else Kinship.FAMILY,
        birth_date=application.birth_date,
    )


def _submitted(owner: User) -> Any:
    ended = (ApplicationState.DRAFT, ApplicationState.WITHDRAWN)
    return Application.objects.filter(owner=owner).exclude(state__in=ended).select_related("person")


def _mark(application: Application, found: Finding | None) -> None:
    others = [reason for reason in application.review_reasons if reason.get("code") != CODE]
    reasons = [*others, as_reason(found)] if found else others
    if reasons != application.review_reasons:
        Application.objects.filter(pk=application.pk).update(review_reasons=reasons)


def as_reason(finding: Finding) -> dict[str, Any]:
    """Return a finding as it is kept in `Application.review_reasons`."""
    return {
        "code": finding.code,
        "severity": finding.severity.value,
        "rule_id": finding.rule_id,
        "citation": finding.citation,
        "params": plain(finding.params),
    }
