"""Who may see and handle which case.

A handler sees the cases of their missions and of the categories of their desk; none whose text
is about them, nor one about the people of the counter they work at.
"""

from __future__ import annotations

from typing import Any

from django.db.models import Q, QuerySet

from applications.models import Decision
from portal.accounts.access import sees_every_mission, visible_to
from portal.accounts.models import User

from .enums import SUBJECTS, Category
from .models import Appeal, Case, Concerned, Desk


def desk_of(user: Any) -> Desk | None:
    """Return the desk of a handler, or None; asked once per loaded account."""
    if not hasattr(user, "_desk_of"):
        user._desk_of = Desk.objects.filter(user=user.pk).first()
    desk: Desk | None = user._desk_of
    return desk


def remember_desk(user: Any, desk: Desk | None) -> None:
    """Spare `desk_of` its query, for whoever read the desk among other things."""
    user._desk_of = desk


def categories_of(user: Any) -> frozenset[str]:
    """Return the categories whose cases `user` may take up: those of the desk, within the role."""
    desk = desk_of(user)
    allowed = set()
    if user.has_perm("complaints.handle_complaint"):
        allowed |= {str(one) for one in SUBJECTS}
    if user.has_perm("complaints.handle_appeal"):
        allowed.add(str(Category.APPEAL))
    return frozenset(allowed & set(desk.categories)) if desk else frozenset()


def visible_cases(user: Any, rows: QuerySet[Case] | None = None) -> QuerySet[Case]:
    """Keep the cases that `user` may read.

    Handlers see their categories, supervisors all, nobody a complaint about themselves or their
    own counter.  Administrators keep the house running and read no case.
    """
    rows = Case.objects.all() if rows is None else rows
    if not isinstance(user, User) or not user.has_perm("complaints.view_case"):
        return rows.none()
    rows = visible_to(rows, user)
    if sees_every_mission(user) and not user.is_superuser:
        return rows.none()
    if user.has_perm("complaints.handle_complaint") or user.has_perm("complaints.handle_appeal"):
        rows = rows.filter(category__in=categories_of(user))
    rows = rows.exclude(pk__in=Concerned.objects.filter(user=user).values("case"))
    own_counter = _own_counter(user)
    return rows if own_counter is None else rows.exclude(own_counter)


def kept_from(user: Any) -> QuerySet[Case]:
    """Return the cases that are about `user` or about the people of their counter."""
    about = Q(pk__in=Concerned.objects.filter(user=user.pk).values("case"))
    return Case.objects.filter(about | (_own_counter(user) or Q(pk__in=[]))).order_by()


def _own_counter(user: Any) -> Q | None:
    desk = desk_of(user)
    if desk is None or not desk.counter:
        return None
    return Q(complaint__hidden_from_counter=True, complaint__counter=desk.counter)


def may_handle(user: Any, case: Case) -> bool:
    """Tell whether `user` may take up and answer `case`."""
    return case.category in categories_of(user) and visible_cases(user).filter(pk=case.pk).exists()


def may_assign(user: Any, case: Case) -> bool:
    """Tell whether `user` supervises the desks and may read `case`: they may give it away."""
    supervises = user.has_perm("complaints.change_desk")
    return supervises and visible_cases(user).filter(pk=case.pk).exists()


def own_appeal(user: Any, case_id: Any, *, was_sent: bool) -> Appeal | None:
    """Return an appeal to whom it belongs: the account, or the session that `was_sent` from."""
    rows = Appeal.objects.select_related("case", "mission").filter(pk=case_id)
    if not was_sent:
        rows = rows.filter(case__owner=user.pk) if user.is_authenticated else rows.none()
    return rows.first()


def own_contested_decisions(user: Any) -> QuerySet[Decision]:
    """Return the decisions on a person's own files that can be appealed, the newest first."""
    rows = Decision.objects.filter(outcome__in=("refused", "annulled", "revoked"))
    if not user.is_authenticated:
        return rows.none()
    rows = rows.filter(application__owner=user.pk, notified_on__isnull=False)
    return rows.select_related("application__mission").order_by("-notified_on", "-pk")
