"""What people do with hosting certificates (HO-01 to HO-09).  Each function is one transaction."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Mapping
from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone

from portal.accounts.models import User
from portal.audit import operations as audit
from portal.constraints import explained
from portal.dates import civil_date
from portal.formats import long_date
from portal.suspension import Action, check

from ..enums import ApplicationState
from ..models import Application, HostedApplication, HostingCertificate, certificate_key
from ..refusals import (
    CertificateHandedIn,
    CertificateKnown,
    ChangedElsewhere,
    ConfirmedInFuture,
    CoversNobody,
    CoversSeveralStates,
)

# While a file is in the traveller's hands, or while papers are asked for, its papers may change.
OPEN_STATES = (
    ApplicationState.DRAFT,
    ApplicationState.SUBMITTED,
    ApplicationState.BOOKED,
    ApplicationState.NOT_ACCEPTED,
    ApplicationState.PAPERS_ASKED,
)
# An agent who saw the original saw this paper: when it is another one, nobody has seen it.
_TWICE = {"one_certificate_per_number_and_account": CertificateKnown}
_THE_PAPER = ("number", "authority", "confirmed_on", "host_name", "covers_from", "covers_until")


@transaction.atomic
def add_certificate(
    *, owner: User, answers: Mapping[str, Any], covers: Collection[uuid.UUID]
) -> HostingCertificate:
    """Enter a certificate for one or several applications of `owner`.

    Sending the same form twice enters it once.  Raises ConfirmedInFuture, CertificateKnown,
    CoversNobody, CoversSeveralStates, or Application.DoesNotExist for a foreign application.
    """
    User.objects.select_for_update().get(pk=owner.pk)
    applications = _covered(owner, covers)
    _wait_for(applications)
    _refuse_future(answers["confirmed_on"])
    state = applications[0].mission.state
    twin = _twin(owner, state, answers["number"])
    if twin is not None:
        if _same_paper(twin, answers) and _covered_by(twin) == {one.pk for one in applications}:
            return twin
        raise CertificateKnown
    certificate = HostingCertificate(owner=owner, state=state, **answers)
    certificate.remember_key()
    with explained(_TWICE):
        certificate.save(force_insert=True)
    _cover(certificate, applications)
    _record(owner, "add", certificate, applications)
    return certificate


@transaction.atomic
def change_certificate(
    *,
    certificate_id: uuid.UUID,
    owner: User,
    answers: Mapping[str, Any],
    covers: Collection[uuid.UUID],
    seen_version: int,
) -> HostingCertificate:
    """Correct a certificate, or choose anew whom it covers.

    Raises ChangedElsewhere if `seen_version` is not the stored one, CertificateHandedIn when it
    or the traveller it would leave lies with the authority, and what `add_certificate` raises.
    """
    certificate = _own(certificate_id, owner)
    if certificate.version != seen_version:
        raise ChangedElsewhere
    applications = _covered(owner, covers, certificate)
    _wait_for(applications)
    _refuse_future(answers["confirmed_on"])
    _refuse_what_is_handed_in(certificate, answers, {one.pk for one in applications})
    twin = _twin(owner, applications[0].mission.state, answers["number"])
    if twin is not None and twin.pk != certificate.pk:
        raise CertificateKnown
    if not _same_paper(certificate, answers):
        certificate.covered.update(original=None, seen_at=None)
    for name, value in answers.items():
        setattr(certificate, name, value)
    certificate.state = applications[0].mission.state
    certificate.remember_key()
    certificate.version += 1
    with explained(_TWICE):
        certificate.save()
    _cover(certificate, applications)
    _record(owner, "change", certificate, applications)
    return certificate


@transaction.atomic
def remove_certificate(*, certificate_id: uuid.UUID, owner: User) -> None:
    """Forget a certificate that no handed-in file rests on; raises CertificateHandedIn."""
    certificate = _own(certificate_id, owner)
    handed_in = _handed_in(certificate)
    if handed_in:
        raise _refusal(handed_in)
    applications = list(certificate.applications.all())
    _wait_for(applications)
    _record(owner, "remove", certificate, applications)
    certificate.delete()


@transaction.atomic
def note_original(*, hosted: HostedApplication, original: bool, actor: User) -> HostedApplication:
    """Write down that the counter saw the original of a certificate, or only a copy (HO-06)."""
    row = HostedApplication.objects.select_for_update().get(pk=hosted.pk)
    row.original, row.seen_at = original, timezone.now()
    row.save(update_fields=["original", "seen_at"])
    audit.record(
        actor=actor,
        action="hosting.original_seen" if original else "hosting.copy_seen",
        subject=row,
        mission=row.application.mission,
        details={"application": row.application.reference},
    )
    return row


# --- parts ----------------------------------------------------------------------------------


def _own(certificate_id: uuid.UUID, owner: User) -> HostingCertificate:
    return HostingCertificate.objects.select_for_update().get(pk=certificate_id, owner=owner)


def _wait_for(applications: Collection[Application]) -> None:
    """Raise Suspended while the mission of one of the applications is closed (RD-05)."""
    for mission_id in {one.mission_id for one in applications}:
        check(Action.PREPARING, mission_id=mission_id)


def _covered(
    owner: User, covers: Collection[uuid.UUID], certificate: HostingCertificate | None = None
) -> list[Application]:
    """Lock and return the chosen applications, in one order so that nothing deadlocks."""
    rows = Application.objects.select_for_update(of=("self",)).select_related("mission")
    chosen = list(rows.filter(owner=owner, pk__in=covers).order_by("pk"))
    if len(chosen) != len(set(covers)):
        raise Application.DoesNotExist
    kept = _covered_by(certificate) if certificate else set()
    if any(one.state not in OPEN_STATES and one.pk not in kept for one in chosen):
        raise Application.DoesNotExist
    if not chosen:
        raise CoversNobody
    if len({one.mission.state for one in chosen}) > 1:
        raise CoversSeveralStates
    return chosen


def _cover(certificate: HostingCertificate, applications: list[Application]) -> None:
    """Tie the applications to the certificate, and untie those that are not chosen any more."""
    chosen = [one.pk for one in applications]
    certificate.covered.exclude(application__in=chosen).delete()
    for row in HostedApplication.objects.filter(application__in=chosen).exclude(
        certificate=certificate
    ):
        row.delete()  # covered by another certificate until now: one at most per application
    HostedApplication.objects.bulk_create(
        [HostedApplication(certificate=certificate, application=one) for one in applications],
        ignore_conflicts=True,
    )


def _refuse_future(confirmed_on: date) -> None:
    today = civil_date(timezone.now())
    if confirmed_on > today:
        raise ConfirmedInFuture(params={"today": long_date(today)})


def _refuse_what_is_handed_in(
    certificate: HostingCertificate, answers: Mapping[str, Any], chosen: set[uuid.UUID]
) -> None:
    handed_in = _handed_in(certificate)
    left = [one for one in handed_in if one.pk not in chosen]
    if left or (handed_in and not _same_paper(certificate, answers)):
        raise _refusal(left or handed_in)


def _handed_in(certificate: HostingCertificate) -> list[Application]:
    return list(certificate.applications.exclude(state__in=[*OPEN_STATES, "withdrawn"]))


def _refusal(applications: list[Application]) -> CertificateHandedIn:
    return CertificateHandedIn(
        params={"references": ", ".join(one.reference for one in applications)}
    )


def _twin(owner: User, state: str, number: str) -> HostingCertificate | None:
    return HostingCertificate.objects.filter(
        owner=owner, state=state, number_key=certificate_key(number)
    ).first()


def _same_paper(certificate: HostingCertificate, answers: Mapping[str, Any]) -> bool:
    return all(getattr(certificate, name) == answers.get(name) for name in _THE_PAPER)


def _covered_by(certificate: HostingCertificate) -> set[uuid.UUID]:
    return set(certificate.covered.values_list("application_id", flat=True))


def _record(
    owner: User, step: str, certificate: HostingCertificate, applications: list[Application]
) -> None:
    audit.record(
        actor=owner,
        action=f"hosting.{step}",
        subject=certificate,
        mission=applications[0].mission if applications else None,
        details={"applications": [one.reference for one in applications]},
    )
