"""What an applicant writes into the conversation of a file."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from portal.forms.layout import PageForm

from ..operations.messages import TEXT_LIMIT
from ..refusals import MessageEmpty

LARGEST = 2**31  # nobody's page shows a message with a higher number


class SeenForm(forms.Form):
    """Up to which message the page was read."""

    seen = forms.IntegerField(
        widget=forms.HiddenInput, required=False, min_value=0, max_value=LARGEST
    )


class MessageForm(PageForm, SeenForm):
    """One message; how long it may be is the operation's to say, so that nothing is cut off."""

    submit_label = _("Send the message")

    text = forms.CharField(
        label=_("Your message"),
        widget=forms.Textarea(attrs={"rows": 6, "dir": "auto"}),
        error_messages={"required": MessageEmpty.message},
    )

    field_order = ("seen", "text")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["text"].help_text = _(
            "At most %(limit)s characters. The consulate reads it here; do not send passwords or "
            "bank codes."
        ) % {"limit": TEXT_LIMIT}
