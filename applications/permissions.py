"""Who may see and do what with an application."""

from __future__ import annotations

import uuid
from typing import Any

from django.http import Http404

from .models import Application


def own_application(user: Any, application_id: uuid.UUID) -> Application:
    """Return an application of `user`; raises Http404 for anybody else's, as for none at all."""
    application = (
        Application.objects.select_related("mission", "owner")
        .filter(pk=application_id, owner=user)
        .first()
    )
    if application is None:
        raise Http404
    return application
