"""Who may see and do what with an application."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from typing import Any

from django.http import Http404

from portal import rows
from portal.accounts.access import visible_to
from portal.missions.models import Mission

from .models import Application, Traveller

_APPLICATION = rows.Columns(Application, "a")
_MISSION = rows.Columns(Mission, "m")
_OWN = rows.select(
    """
    FROM applications_application a JOIN missions_mission m ON m.id = a.mission_id
    WHERE a.id = ANY(%s::uuid[]) AND a.owner_id = %s
    """,
    _APPLICATION,
    _MISSION,
)


def own_application(user: Any, application_id: uuid.UUID) -> Application:
    """Return an application of `user`; raises Http404 for anybody else's, as for none at all."""
    try:
        return own_applications(user, [application_id])[0]
    except Application.DoesNotExist:
        raise Http404 from None


def own_applications(user: Any, ids: Sequence[uuid.UUID]) -> list[Application]:
    """Return applications of `user` in the order of `ids`, with their missions; one query.

    Raises Application.DoesNotExist if one is not of `user`, is named twice, or none is named.
    """
    keys = [uuid.UUID(str(one)) for one in ids]
    found = {}
    for application, mission in rows.read(_OWN, [keys, user.pk], _APPLICATION, _MISSION):
        application.mission, application.owner = mission, user
        found[application.pk] = application
    if not keys or len(set(keys)) != len(keys) or len(found) != len(keys):
        raise Application.DoesNotExist
    return [found[key] for key in keys]


def mission_of_file(request: Any, application_id: uuid.UUID, **_: Any) -> int:
    """Return the mission of the application a page is about, for `portal.pausing`."""
    return int(own_application(request.user, application_id).mission_id)


def locked_for(user: Any, application_id: uuid.UUID) -> Application:
    """Lock and return an application of `user`, or one of the missions that staff work for.

    Raises Application.DoesNotExist for anybody else's, as for none at all.
    """
    rows = Application.objects.select_for_update(of=("self",)).select_related("mission", "owner")
    application = rows.get(pk=application_id)
    if application.owner_id == user.pk:
        return application
    return locked_for_staff(user, application_id)


def locked_for_staff(user: Any, application_id: uuid.UUID) -> Application:
    """Lock and return an application of a mission that `user` works for, and not their own."""
    rows = visible_to(Application.objects.exclude(owner=user.pk), user)
    return (
        rows.select_for_update(of=("self",))
        .select_related("mission", "owner")
        .get(pk=application_id)
    )


def own_traveller(user: Any, traveller_id: uuid.UUID) -> Traveller:
    """Return a traveller of the household of `user`; raises Http404 for anybody else's."""
    travellers = Traveller.objects.select_related("guardian")
    traveller = travellers.filter(pk=traveller_id, owner=user).first()
    if traveller is None:
        raise Http404
    return traveller
