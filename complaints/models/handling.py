"""Who handles what: desks, skips, saved views."""

from __future__ import annotations

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from portal.encryption import EncryptedTextField

from ..enums import Category
from .case import Case


class Desk(models.Model):
    """The categories a handler takes cases of, and the counter they work at, if they do.

    A complaint about staff of a counter is not shown to the people of that counter.
    """

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="desk", verbose_name=_("handler")
    )
    categories = ArrayField(
        models.CharField(max_length=20, choices=Category.choices), verbose_name=_("categories")
    )
    counter = models.SlugField(_("works at the centre"), blank=True)

    class Meta:
        verbose_name = _("desk of a handler")
        verbose_name_plural = _("desks of handlers")

    def __str__(self) -> str:
        return str(self.user_id)


class Skip(models.Model):
    """Somebody let the oldest case be, and said why; the fairness report shows it."""

    case = models.ForeignKey(Case, models.CASCADE, related_name="skips", verbose_name=_("case"))
    handler = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("handler")
    )
    reason = EncryptedTextField(_("reason"))
    skipped_at = models.DateTimeField(_("skipped"), auto_now_add=True)

    class Meta:
        verbose_name = _("skipped case")
        verbose_name_plural = _("skipped cases")
        ordering = ["-skipped_at"]
        constraints = [
            models.UniqueConstraint(fields=["case", "handler"], name="skipped_once_per_handler")
        ]

    def __str__(self) -> str:
        return f"{self.case_id} {self.handler_id}"


class SavedView(models.Model):
    """Filters of the queue that a handler keeps under a name."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    name = models.CharField(_("name"), max_length=60)
    filters = models.JSONField(_("filters"), default=dict)

    class Meta:
        verbose_name = _("saved view")
        verbose_name_plural = _("saved views")
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(fields=["user", "name"], name="one_saved_view_per_name")
        ]

    def __str__(self) -> str:
        return self.name
