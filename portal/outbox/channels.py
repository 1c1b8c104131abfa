"""How a message travels, and how long it may stand in line."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class Channel(models.TextChoices):
    """How a message travels."""

    EMAIL = "email", _("e-mail")
    SMS = "sms", _("text message")


class Urgency(models.IntegerChoices):
    """Who goes first; within one urgency it is who waits longest."""

    AT_ONCE = 0, _("at once")  # somebody waits before the screen: codes
    USUAL = 1, _("usual")
    MASS = 2, _("one of many")  # thousands at a time, such as a plan of moves
