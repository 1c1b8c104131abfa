"""What a handler writes to the person of a complaint."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from ..operations.conversation import TEXT_LIMIT
from .handling import CaseForm


class _WordsForm(CaseForm):
    text = forms.CharField(
        label=_("Message to the person"),
        max_length=TEXT_LIMIT,
        widget=forms.Textarea(attrs={"rows": 5, "dir": "auto"}),
        error_messages={"required": _("Write the message.")},
    )


class AskForm(_WordsForm):
    """A question; an e-mail says that it waits, never what it asks."""

    submit_label = _("Send the question")


class AnswerForm(_WordsForm):
    """The answer on the page of the case, which closes it."""

    submit_label = _("Send the answer and close the case")


class ReadForm(CaseForm):
    """Up to which message the page was read."""

    submit_label = _("I have read the messages")
    until = forms.IntegerField(widget=forms.HiddenInput, min_value=0)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        numbers = [one.pk for one in self.about.messages.all()]
        self.fields["until"].initial = max(numbers, default=0)
