"""What kinds of paper there are: each app declares its own, with a name for the page.

    RECEIPT = kinds.declare("application_receipt", _("Receipt of a visa application"))

Do it in a module that is always imported (models, or `ready` of the app).
"""

from __future__ import annotations

from django.utils.translation import gettext

from portal.refusals import Text

_LABELS: dict[str, Text] = {}


def declare(kind: str, label: Text) -> str:
    """Name a kind (at most 50 signs) in the words of the person who holds the paper."""
    _LABELS[kind] = label
    return kind


def is_declared(kind: str) -> bool:
    """Tell whether an app has declared the kind."""
    return kind in _LABELS


def label_of(kind: str) -> str:
    """Return the name of a kind; papers outlive the code that printed them."""
    return str(_LABELS[kind]) if kind in _LABELS else gettext("Paper of this portal")
