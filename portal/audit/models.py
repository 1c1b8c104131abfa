"""Who did what, and who read what: rows that the database lets nobody change."""

from __future__ import annotations

import pgtrigger
from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class Trace(models.Model):
    """What an entry and an access have in common.

    The actor's account may be erased later: the number stays, without the database insisting
    that the account exists, since a row that may not change cannot be set to NULL either.
    """

    at = models.DateTimeField(_("at"), default=timezone.now, db_index=True)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.DO_NOTHING,
        null=True,
        blank=True,
        db_constraint=False,
        related_name="+",
        verbose_name=_("account"),
    )
    actor_label = models.CharField(_("who"), max_length=254)
    subject_type = models.CharField(_("kind of record"), max_length=100)
    subject_id = models.CharField(_("record"), max_length=64)
    mission = models.ForeignKey(
        "missions.Mission",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("mission"),
    )

    class Meta:
        abstract = True
        ordering = ["-at", "-pk"]


def _append_only() -> pgtrigger.Protect:
    return pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)


class Entry(Trace):
    """Something that was done. `details` hold no personal content."""

    action = models.CharField(_("action"), max_length=100, db_index=True)
    reason = models.TextField(_("reason"), blank=True)
    details = models.JSONField(_("details"), default=dict, blank=True, encoder=DjangoJSONEncoder)

    class Meta(Trace.Meta):
        verbose_name = _("audit entry")
        verbose_name_plural = _("audit entries")
        indexes = [models.Index(fields=["subject_type", "subject_id"], name="entry_subject")]
        triggers = [_append_only()]

    def __str__(self) -> str:
        return f"{self.action} {self.subject_type} {self.subject_id}"


class Access(Trace):
    """Something that was read."""

    what = models.CharField(_("what was read"), max_length=100)

    class Meta(Trace.Meta):
        verbose_name = _("access")
        verbose_name_plural = _("accesses")
        indexes = [models.Index(fields=["subject_type", "subject_id"], name="access_subject")]
        triggers = [_append_only()]

    def __str__(self) -> str:
        return f"{self.what} {self.subject_type} {self.subject_id}"
