"""The people and counters that a case can be given to, or be about."""

from __future__ import annotations

from portal.accounts.models import User
from portal.accounts.roles import Role

from .enums import SUBJECTS
from .models import Case, Complaint, Desk


def who_may_handle(case: Case) -> list[User]:
    """Return whom `case` may be handed to, by address; asked once per loaded case."""
    if not hasattr(case, "_who_may_handle"):
        role = Role.COMPLAINT_HANDLER if case.category in SUBJECTS else Role.APPEAL_OFFICER
        rows = User.objects.filter(
            is_active=True,
            is_staff=True,
            missions=case.mission_id,
            groups__name=str(role),
            desk__categories__contains=[case.category],
        ).exclude(pk__in=case.concerned.values("user"))
        complaint = getattr(case, "complaint", None)
        if complaint is not None and complaint.counter and complaint.hidden_from_counter:
            rows = rows.exclude(desk__counter=complaint.counter)
        case._who_may_handle = list(rows.order_by("email"))  # type: ignore[attr-defined]
    found: list[User] = case._who_may_handle  # type: ignore[attr-defined]
    return found


def people_of_the_mission(case: Case) -> list[User]:
    """Return the staff whom `case` may be about, by address."""
    rows = User.objects.filter(is_active=True, is_staff=True, missions=case.mission_id)
    return list(rows.order_by("email"))


def counters_known(case: Case) -> list[str]:
    """Return the counters that desks and complaints of the mission name; one query."""
    desks = Desk.objects.filter(user__missions=case.mission_id).values_list("counter", flat=True)
    complaints = Complaint.objects.filter(case=case.pk).values_list("counter", flat=True)
    return sorted({one for one in desks.union(complaints) if one})
