"""Who may see and do what with an appointment."""

from __future__ import annotations

import uuid
from typing import Any

from django.http import Http404

from .models import Appointment


def own_appointment(user: Any, appointment_id: uuid.UUID) -> Appointment:
    """Return an appointment of `user`; raises Http404 for anybody else's, as for none at all."""
    appointment = (
        Appointment.objects.select_related(
            "slot__centre", "application__mission", "application__owner"
        )
        .filter(pk=appointment_id, application__owner=user)
        .first()
    )
    if appointment is None:
        raise Http404
    return appointment
