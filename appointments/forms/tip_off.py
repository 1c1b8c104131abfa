"""The form with which anybody reports a tout (AT-01)."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from portal.forms.layout import PageForm

from ..models import Centre
from .centres import CentreField


class TipOffForm(PageForm, forms.Form):
    """What happened, where, and, for those who want an answer, how to reach them."""

    submit_label = _("Send the report")

    text = forms.CharField(
        label=_("What happened?"),
        help_text=_("Who asked, for how much, where or on which page. A name is not needed."),
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 6}),
        error_messages={"required": _("Write in a few words what happened.")},
    )
    centre = CentreField(
        label=_("Which centre was it about?"),
        queryset=Centre.objects.none(),
        required=False,
        empty_label=_("I do not know"),
    )
    contact = forms.CharField(
        label=_("How can we reach you, if you want that?"),
        help_text=_("Leave it empty to stay unknown."),
        max_length=200,
        required=False,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        centres = self.fields["centre"]
        assert isinstance(centres, CentreField)
        centres.queryset = Centre.objects.filter(is_active=True).select_related("mission")
