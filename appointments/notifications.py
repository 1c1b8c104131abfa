"""What applicants are told about their appointments."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from email.utils import parseaddr
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from portal.missions.models import in_language
from portal.outbox.channels import Urgency
from portal.outbox.notifications import Attachment, Notification

from .calendar import CANCEL, REQUEST, calendar_file
from .models import Appointment


class AppointmentNotification(Notification):
    """Tells of one version of one appointment, with its calendar file."""

    method = REQUEST
    kind = ""

    @classmethod
    def about(cls, appointment: Appointment) -> AppointmentNotification:
        """Build the message in the language of the application's owner."""
        owner = appointment.application.owner
        return cls(
            recipient=owner.email,
            language=owner.language,
            subject_ref=f"appointment:{appointment.pk}",
            version=appointment.version,
            mission_id=appointment.application.mission_id,
            context=facts_of(appointment, owner.language),
        )

    @classmethod
    def presented(cls, context: dict[str, Any], language: str) -> dict[str, Any]:
        """Give the templates a moment they can write in the reader's language."""
        return {**context, "starts_at": datetime.fromisoformat(context["starts_at"])}

    @classmethod
    def attachments(cls, context: dict[str, Any], language: str) -> list[Attachment]:
        """Return the calendar file."""
        content = calendar_of(context, method=cls.method)
        mimetype = f"text/calendar; method={cls.method}; charset=utf-8"
        return [Attachment("appointment.ics", content, mimetype)]


class BookingConfirmed(AppointmentNotification):
    """The appointment is booked."""

    kind = "appointment_confirmed"


class AppointmentCancelled(AppointmentNotification):
    """The appointment is cancelled, and the application can be booked again."""

    kind = "appointment_cancelled"
    method = CANCEL

    @classmethod
    def because(cls, appointment: Appointment, reason: str) -> AppointmentNotification:
        """Tell also why the centre cancelled; empty if the applicant did it."""
        told = cls.about(appointment)
        return replace(told, context={**told.context, "reason": reason.strip()})


class BookingCode(Notification):
    """Brings the code that confirms a booking (AT-06)."""

    kind = "booking_code"
    urgency = Urgency.AT_ONCE

    @classmethod
    def bearing(cls, *, code: str, recipient: str, language: str, wish: str) -> BookingCode:
        """Build the mail of one code; `wish` is unguessable and names the sending."""
        return cls(
            recipient=recipient,
            language=language,
            subject_ref=f"booking-code:{wish}",
            context={"code": code, "minutes": 10},
            useful_until=timezone.now() + timedelta(minutes=10),
        )


def facts_of(appointment: Appointment, language: str) -> dict[str, Any]:
    """Return what a message or a calendar file says of `appointment`, as plain values."""
    slot, centre = appointment.slot, appointment.slot.centre
    application = appointment.application
    return {
        "uid": f"{appointment.pk}@guichet",
        "version": appointment.version,
        "stamp": appointment.updated_at.isoformat(),
        "starts_at": slot.starts_at.isoformat(),
        "ends_at": slot.ends_at.isoformat(),
        "centre": in_language(centre.names, language),
        "address": in_language(centre.addresses, language),
        "location": f"{in_language(centre.names, language)}, "
        f"{in_language(centre.addresses, language)}",
        "mission": in_language(application.mission.names, language),
        "traveller": application.traveller,
        "reference": appointment.reference,
        "application_reference": application.reference,
        "organizer": parseaddr(settings.DEFAULT_FROM_EMAIL)[1],
        "attendee": application.owner.email,
        "url": settings.BASE_URL + reverse("appointments:detail", args=[appointment.pk]),
    }


def calendar_of(context: dict[str, Any], *, method: str) -> bytes:
    """Return the calendar file in the active language."""
    summary = _("Visa appointment: %(mission)s") % {"mission": context["mission"]}
    description = _(
        "Reference %(reference)s. Booking is free. The present state of the appointment "
        "is at %(url)s"
    ) % {"reference": context["reference"], "url": context["url"]}
    return calendar_file(context, method=method, summary=summary, description=description)


def calendar_for(appointment: Appointment, language: str) -> bytes:
    """Return the calendar file of the present state of `appointment` for downloading."""
    method = REQUEST if appointment.is_live else CANCEL
    with override(language):
        return calendar_of(facts_of(appointment, language), method=method)
