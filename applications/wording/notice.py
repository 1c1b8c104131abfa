"""The notice on data protection, sentence by sentence (DP-01, DP-02)."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from ..rules.commitments import Notice
from .words import Text

READERS: dict[str, Text] = {
    "visa_authorities": _("the authorities that issue visas"),
    "border_and_in_country_control": _(
        "the authorities that check people at the external borders and inside the states"
    ),
    "immigration_and_asylum": _(
        "the authorities for immigration and asylum: to check whether the conditions of entry and "
        "stay are met, to find out who does not or no longer meet them, to examine an application "
        "for asylum, and to decide which state is responsible for it"
    ),
}


def readers(notice: Notice) -> list[Text]:
    """Return who reads the data; designated authorities and Europol are a sentence of their own."""
    return [READERS[name] for name in notice.readers]
