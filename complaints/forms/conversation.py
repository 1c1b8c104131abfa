"""What a person writes about their complaint, and the files beside it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from applications.forms.conversation import SeenForm
from applications.refusals import MessageEmpty
from portal.forms.layout import PageForm
from portal.uploads.fields import UploadField
from portal.uploads.incoming import SealedUpload
from portal.uploads.kinds import ACCEPT

from ..operations.conversation import MOST_FILES, TEXT_LIMIT


class FilesInput(forms.FileInput):
    """The browser's own choice of several files."""

    allow_multiple_selected = True


class FilesField(UploadField):
    """Several files at once; each is looked at, and a bad one is called by its name."""

    def __init__(self, **options: Any) -> None:
        """Take the options of a field for one file."""
        options.setdefault("widget", FilesInput(attrs={"accept": ACCEPT}))
        super().__init__(**options)

    def clean(self, data: Any, initial: Any = None) -> Any:
        """Return the list of files; raises ValidationError with a sentence for each bad one."""
        chosen = data if isinstance(data, list) else [data]
        files: list[SealedUpload] = []
        faults: list[ValidationError] = []
        for one in filter(None, chosen):
            try:
                files.append(super().clean(one, initial))
            except ValidationError as fault:
                faults += [
                    ValidationError(f"“{one.name}”: {text}", code=fault.code)
                    for text in fault.messages
                ]
        if faults:
            raise ValidationError(faults)
        return files


class CaseMessageForm(PageForm, SeenForm):
    """One message; how long it may be is the operation's to say, so that nothing is cut off."""

    submit_label = _("Send the message")

    text = forms.CharField(
        label=_("Your message"),
        widget=forms.Textarea(attrs={"rows": 6, "dir": "auto"}),
        error_messages={"required": MessageEmpty.message},
    )
    attachments = FilesField(label=_("Files to go with it, if there are any"), required=False)

    field_order = ("seen", "text", "attachments")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # Files need no words beside them.
        self.fields["text"].required = not self.files
        self.fields["text"].help_text = _("At most %(limit)s characters.") % {"limit": TEXT_LIMIT}
        attachments = self.fields["attachments"]
        attachments.help_text = _("At most %(count)s files. %(kinds)s") % {
            "count": MOST_FILES,
            "kinds": attachments.help_text,
        }
