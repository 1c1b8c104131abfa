"""Pages of the help centre, as `manage.py load_help` reads them from files.

A few hundred rows: the search reads them all, and an index would not be used.
"""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class HelpPage(models.Model):
    """One topic in one language; `title_key` and `search_key` are what the search compares."""

    number = models.PositiveSmallIntegerField(_("number"))
    slug = models.SlugField(_("slug"))
    language = models.CharField(_("language"), max_length=2)
    title = models.CharField(_("title"), max_length=200)
    body = models.TextField(_("text"))
    tool = models.CharField(_("tool"), max_length=100, blank=True)
    rule = models.CharField(_("rule"), max_length=10, blank=True)
    source = models.CharField(_("source"), max_length=200)
    last_checked = models.DateField(_("last checked"))
    is_dated = models.BooleanField(_("later law differs from the source"))
    title_key = models.TextField(editable=False)
    search_key = models.TextField(editable=False)

    class Meta:
        verbose_name = _("help page")
        verbose_name_plural = _("help pages")
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["slug", "language"], name="one_help_page_per_language")
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def paragraphs(self) -> list[str]:
        """The text, paragraph by paragraph."""
        return [part for part in self.body.split("\n\n") if part.strip()]
