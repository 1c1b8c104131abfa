"""What a person sees of their hosting certificates: each with the people it covers, judged."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import Prefetch, Q, QuerySet
from django.utils import timezone

from portal.accounts.models import User
from portal.dates import civil_date
from portal.display import ShownFinding
from portal.rules.findings import Severity, Verdict
from portal.wording import shown_all

from .enums import ApplicationState
from .hosting_need import HostingNeed, hosting_need
from .models import Application, HostedApplication, HostingCertificate
from .operations.hosting import OPEN_STATES
from .verdicts import judged_hosting
from .wording.certificates import CertificateWords, certificate_words
from .wording.hosting_certificate import HOSTING_CERTIFICATE


@dataclass(frozen=True, slots=True)
class CoveredCard:
    """One application that a certificate covers, and what the rules say of the paper for it."""

    application: Application
    original: bool | None
    day: date
    is_appointment: bool  # whether `day` is the appointment's, or only today
    outcome: str
    last_day: date | None
    findings: list[ShownFinding]


@dataclass(frozen=True, slots=True)
class CertificateCard:
    """One certificate and everybody it covers."""

    certificate: HostingCertificate
    words: CertificateWords
    covered: list[CoveredCard]
    advice: list[ShownFinding]  # said once, not once for each traveller


@dataclass(frozen=True, slots=True)
class HubCard:
    """What the page of one application says about hosting certificates."""

    application: Application
    words: CertificateWords
    need: HostingNeed
    certificate: HostingCertificate | None = None
    covered: CoveredCard | None = None
    advice: tuple[ShownFinding, ...] = ()


def certificate_cards(owner: User) -> list[CertificateCard]:
    """Return the certificates of an account, newest first."""
    covered = HostedApplication.objects.select_related("application__mission").order_by("pk")
    rows = HostingCertificate.objects.filter(owner=owner).prefetch_related(
        Prefetch("covered", queryset=covered)
    )
    return [_card(certificate) for certificate in rows]


def hub_card(application: Application) -> HubCard | None:
    """Return what the page of `application` shows, None where no certificate is asked for."""
    words = certificate_words(application.mission.state)
    hosted = HostedApplication.objects.select_related("certificate")
    row = hosted.filter(application=application).first()
    need = hosting_need(application, _day(application)[0])
    if row is None:
        is_open = application.state in OPEN_STATES
        asked = is_open and need is not HostingNeed.NOT_ASKED
        return HubCard(application, words, need) if asked else None
    verdict = _verdict(application, row.certificate, row.original)
    return HubCard(
        application,
        certificate_words(row.certificate.state),
        need,
        row.certificate,
        _covered(application, row.original, verdict),
        tuple(_advice([verdict])),
    )


def coverable(owner: User, certificate: HostingCertificate | None = None) -> list[Application]:
    """Return the applications that may be chosen: open ones that can use a certificate (HO-05).

    Those that `certificate` covers are among them.  `covered_elsewhere` is the number of another
    certificate that covers one until now.
    """
    mine = Q(hosted__certificate=certificate) if certificate else Q(pk=None)
    rows = _open(owner, mine).select_related("mission", "hosted__certificate")
    found = []
    for application in rows:
        hosted = getattr(application, "hosted", None)
        if hosted and certificate and hosted.certificate_id == certificate.pk:
            found.append(application)
        elif hosted or hosting_need(application, _day(application)[0]) != HostingNeed.NOT_ASKED:
            vars(application)["covered_elsewhere"] = hosted.certificate.number if hosted else ""
            found.append(application)
    return found


def waiting(owner: User) -> list[Application]:
    """Return the open applications that need a certificate and have none."""
    rows = _open(owner).filter(hosted=None).select_related("mission")
    return [one for one in rows if hosting_need(one, _day(one)[0]) is HostingNeed.NEEDED]


def _open(owner: User, besides: Q | None = None) -> QuerySet[Application]:
    states = Q(state__in=OPEN_STATES)
    return Application.objects.filter(states | besides if besides else states, owner=owner)


def _card(certificate: HostingCertificate) -> CertificateCard:
    judged = [
        (row, _verdict(row.application, certificate, row.original))
        for row in certificate.covered.all()
        if row.application.state != ApplicationState.WITHDRAWN
    ]
    return CertificateCard(
        certificate,
        certificate_words(certificate.state),
        [_covered(row.application, row.original, verdict) for row, verdict in judged],
        _advice([verdict for _row, verdict in judged]),
    )


def _covered(application: Application, original: bool | None, verdict: Verdict) -> CoveredCard:
    day, is_appointment = _day(application)
    heavy = verdict.having(Severity.BLOCKING, Severity.REVIEW, Severity.WARNING)
    return CoveredCard(
        application,
        original,
        day,
        is_appointment,
        verdict.outcome,
        verdict.results.get("last_deposit_date"),
        shown_all(heavy, HOSTING_CERTIFICATE),
    )


def _advice(verdicts: list[Verdict]) -> list[ShownFinding]:
    """Return the advice of several verdicts, each once."""
    found = [one for verdict in verdicts for one in verdict.having(Severity.ADVICE)]
    return list(dict.fromkeys(shown_all(found, HOSTING_CERTIFICATE)))


def _verdict(
    application: Application, certificate: HostingCertificate, original: bool | None
) -> Verdict:
    return judged_hosting(application, certificate, _day(application)[0], original=original)


def _day(application: Application) -> tuple[date, bool]:
    """Return the day of deposit, and whether it is that of an appointment (HO-03).

    What was handed in is judged for the day it was handed in, and what has no appointment for
    today.
    """
    known = application.filed_on or application.appointment_day
    return (known, True) if known else (civil_date(timezone.now()), False)
