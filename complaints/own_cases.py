"""Which cases are a person's own, and how their page is opened."""

from __future__ import annotations

import uuid

from django.db.models import Q, QuerySet

from portal.accounts.models import User

from .models import Case
from .operations.arrival import Person


def own_cases(user: User) -> QuerySet[Case]:
    """Return the cases of an account: those it sent, and those of its proven e-mail address.

    An applicant proves the address with a mailed code at each sign-in; of staff only what they
    sent while signed in counts.
    """
    own = Q(owner=user)
    if not user.is_staff:
        own |= Q(owner=None, pk__in=_sent_from(user.email))
    rows = Case.objects.filter(own).select_related("mission")
    return rows.order_by("-received_at", "-reference")


def _sent_from(email: str) -> list[uuid.UUID]:
    """Find what was sent without an account by this very address.

    The key drops signs, so that a.b@example.org and ab@example.org share it; the address decides.
    """
    alike = Case.objects.filter(owner=None, person_key=Person(name="", email=email).key)
    return [case.pk for case in alike.only("email") if case.email.casefold() == email.casefold()]
