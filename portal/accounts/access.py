"""Which rows a person may see: administrators all, staff those of their missions, others none."""

from __future__ import annotations

from typing import TypeVar, cast

from django.contrib.auth.models import AnonymousUser
from django.db.models import Model, QuerySet

from portal.accounts.models import User
from portal.accounts.roles import Role

Row = TypeVar("Row", bound=Model)


def role_names(user: User) -> frozenset[str]:
    """Return the roles of `user`; asked once per loaded account."""
    known = cast("frozenset[str] | None", getattr(user, "_role_names", None))
    if known is None:
        known = frozenset(user.groups.values_list("name", flat=True))
        user._role_names = known  # type: ignore[attr-defined]
    return known


def sees_every_mission(user: User | AnonymousUser) -> bool:
    """Tell whether `user` is an administrator: the rows of all missions are theirs to see."""
    if not isinstance(user, User) or not (user.is_active and user.is_staff):
        return False
    return user.is_superuser or Role.ADMINISTRATOR in role_names(user)


def visible_to(
    queryset: QuerySet[Row], user: User | AnonymousUser, path: str = "mission"
) -> QuerySet[Row]:
    """Keep the rows that `user` may see; `path` leads from a row to its mission.

    For missions themselves `path` is "pk". Applicants get nothing here: their own rows are
    found through their ownership, never through a mission.
    """
    if sees_every_mission(user):
        return queryset
    if not isinstance(user, User) or not (user.is_active and user.is_staff):
        return queryset.none()
    return queryset.filter(**{f"{path}__in": user.missions.all()})
