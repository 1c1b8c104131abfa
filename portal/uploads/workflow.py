"""The life of a stored file."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from portal.workflow import Transition, Workflow


class State(models.TextChoices):
    """What is known about a file."""

    RECEIVED = "received", _("being checked")
    CLEAN = "clean", _("ready")
    REFUSED = "refused", _("refused")


class ScanState(models.TextChoices):
    """What the virus scanner says."""

    NOT_SCANNED = "not_scanned", _("not scanned yet")
    CLEAN = "clean", _("nothing found")
    INFECTED = "infected", _("malware found")


WORKFLOW = Workflow(
    "state",
    transitions=[
        Transition("accept", frozenset({State.RECEIVED}), State.CLEAN),
        # A scanner that comes back later may find something in a file that was shown already.
        Transition("refuse", frozenset({State.RECEIVED, State.CLEAN}), State.REFUSED),
    ],
)
