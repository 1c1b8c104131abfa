"""A form field for one file."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.functional import lazy
from django.utils.translation import gettext, gettext_lazy

from . import limits
from .incoming import SealedUpload, sealed
from .kinds import ACCEPT
from .recognition import recognise
from .refusals import FileRefused


def _hint() -> str:
    return (
        gettext("PDF, JPEG, PNG or HEIC, at most %(megabytes)s MB; a PDF at most %(pages)s pages.")
        % limits.in_words()
    )


class UploadField(forms.FileField):
    """A file that is taken if its content is a paper or a picture.

    `cleaned_data` holds what `operations.receive` wants as `upload`. What can be told at once is
    told beside the field, with its remedy; its code is the refusal's.
    """

    default_error_messages = {"required": gettext_lazy("Choose a file.")}

    def __init__(self, **options: Any) -> None:
        """Take the options of Django's own field; the help text names the limits."""
        options.setdefault("help_text", lazy(_hint, str)())
        options.setdefault("widget", forms.FileInput(attrs={"accept": ACCEPT}))
        super().__init__(**options)

    def to_python(self, data: Any) -> SealedUpload | None:
        """Look at the file; raises ValidationError with sentence and remedy."""
        if data in self.empty_values:
            return None
        upload = sealed(data)
        try:
            recognise(upload)
        except FileRefused as refusal:
            text = f"{refusal.message} {refusal.remedy}"
            raise ValidationError(text, code=refusal.code) from refusal
        return upload
