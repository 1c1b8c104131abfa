"""What makes an agent look twice at a hosting certificate: reuse and duplicates, with reasons.

A flag never blocks anything: an agent looks, and the authority decides (CV-06).  Certificates are
compared by the keyed hash of their number, so that nothing has to be opened to be compared.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Exists, IntegerField, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from .models import HostedApplication, HostingCertificate

# Two parents, their parents and four children: a household that one host may well invite.
PLAUSIBLE_PEOPLE = 8


@dataclass(frozen=True, slots=True)
class Flag:
    """One reason to look twice."""

    code: str
    label: str | Promise
    reason: str | Promise


def with_flags(certificates: QuerySet[HostingCertificate]) -> QuerySet[HostingCertificate]:
    """Annotate what `flags_of` reads: three subqueries for the whole list, none per row."""
    twins = HostingCertificate.objects.filter(
        number_key=OuterRef("number_key"), state=OuterRef("state")
    ).exclude(pk=OuterRef("pk"))
    differs = ~Q(confirmed_on=OuterRef("confirmed_on")) | ~Q(authority=OuterRef("authority"))
    return certificates.annotate(
        in_another_account=Exists(twins.exclude(owner=OuterRef("owner"))),
        told_differently=Exists(twins.filter(differs)),
        people=Coalesce(Subquery(_people(), output_field=IntegerField()), 0),
    )


def flagged(certificates: QuerySet[HostingCertificate]) -> QuerySet[HostingCertificate]:
    """Keep the rows of `with_flags` that have at least one flag."""
    return certificates.filter(
        Q(in_another_account=True) | Q(told_differently=True) | Q(people__gt=PLAUSIBLE_PEOPLE)
    )


def flags_of(certificate: HostingCertificate) -> list[Flag]:
    """Return the flags of a row of `with_flags`."""
    return list(_flags(certificate))


def twins_of(certificate: HostingCertificate) -> QuerySet[HostingCertificate]:
    """Return the other certificates with the same number for the same state."""
    return HostingCertificate.objects.filter(
        number_key=certificate.number_key, state=certificate.state
    ).exclude(pk=certificate.pk)


def _people() -> Any:
    """Count who travels on one number; a person with two applications counts once."""
    return (
        HostedApplication.objects.filter(
            certificate__number_key=OuterRef("number_key"), certificate__state=OuterRef("state")
        )
        .exclude(application__state="withdrawn")
        .order_by()
        .values("certificate__number_key")
        .annotate(people=Count("application__traveller_key", distinct=True))
        .values("people")
    )


def _flags(certificate: HostingCertificate) -> Iterator[Flag]:
    row: dict[str, int] = vars(certificate)
    if row["in_another_account"]:
        yield Flag(
            "OTHER_ACCOUNT",
            _("In another account"),
            _("Another account entered a certificate with the same number."),
        )
    if row["told_differently"]:
        yield Flag(
            "TOLD_DIFFERENTLY",
            _("Told differently"),
            _("The same number was entered with another date or another authority."),
        )
    if row["people"] > PLAUSIBLE_PEOPLE:
        yield Flag("MANY_PEOPLE", _("Many people"), _many(row["people"]))


def _many(people: int) -> str:
    return ngettext(
        "%(people)s person travels on this number; up to %(limit)s are usual.",
        "%(people)s people travel on this number; up to %(limit)s are usual.",
        people,
    ) % {"people": people, "limit": PLAUSIBLE_PEOPLE}
