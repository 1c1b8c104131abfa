"""Which cases are a person's own, and how their page is opened."""

from __future__ import annotations

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
        own |= Q(owner=None, person_key=Person(name="", email=user.email).key)
    rows = Case.objects.filter(own).select_related("mission")
    return rows.order_by("-received_at", "-reference")
