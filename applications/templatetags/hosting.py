"""The hosting certificate on the page of one application: ``{% hosting_of application %}``."""

from __future__ import annotations

from typing import Any

from django import template

from ..hosting_cards import hub_card
from ..models import Application

register = template.Library()


@register.inclusion_tag("applications/hosting/_hub_card.html")
def hosting_of(application: Application) -> dict[str, Any]:
    """Show the certificate, or that one is needed; nothing where none is asked for (HO-05)."""
    return {"card": hub_card(application)}
