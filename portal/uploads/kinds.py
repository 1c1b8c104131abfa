"""The four kinds of file that are taken, and how each is shown."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class Kind(models.TextChoices):
    """What a file is, told from its first bytes and structure alone."""

    PDF = "pdf", _("PDF")
    JPEG = "jpeg", _("JPEG picture")
    PNG = "png", _("PNG picture")
    HEIC = "heic", _("HEIC picture")

    @property
    def shown_as(self) -> Kind:
        """Return the kind of the cleaned copy: browsers show no HEIC."""
        return Kind.JPEG if self == Kind.HEIC else self

    @property
    def content_type(self) -> str:
        """Return the media type."""
        return "application/pdf" if self == Kind.PDF else f"image/{self.value}"

    @property
    def suffix(self) -> str:
        """Return the ending of a file name, with its dot."""
        return ".jpg" if self == Kind.JPEG else f".{self.value}"


ACCEPT = ".pdf,.jpg,.jpeg,.png,.heic,.heif,application/pdf,image/jpeg,image/png,image/heic"
"""What a browser's file dialogue offers; nothing relies on it."""
