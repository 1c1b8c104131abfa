"""Who did what, and who read what: rows that the database lets nobody change.

A guard against accidents: whoever owns the database can put it aside.  Therefore committed rows
are sealed into a chain of hashes (`sealing.py`), which `manage.py verify_audit` checks.
"""

from __future__ import annotations

import uuid

import pgtrigger
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

NOT_YET = uuid.UUID(int=0)


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
    # The transaction that wrote the row, and a number that nobody can guess.  The database writes
    # both (trigger `stamped` of migration 0002, not pgtrigger's, which can be told to look away and
    # asks for that on every row), whatever way a row comes in and whatever was sent.
    xid = models.BigIntegerField(default=0, editable=False)
    salt = models.UUIDField(default=NOT_YET, editable=False)

    class Meta:
        abstract = True
        ordering = ["-at", "-pk"]


def _append_only() -> pgtrigger.Protect:
    return pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)


class Entry(Trace):
    """Something that was done. `details` hold no personal content."""

    action = models.CharField(_("action"), max_length=100)
    reason = models.TextField(_("reason"), blank=True)
    details = models.JSONField(_("details"), default=dict, blank=True, encoder=DjangoJSONEncoder)

    class Meta(Trace.Meta):
        verbose_name = _("audit entry")
        verbose_name_plural = _("audit entries")
        indexes = [
            models.Index(fields=["subject_type", "subject_id"], name="entry_subject"),
            models.Index(fields=["action"], name="entry_action"),
            models.Index(fields=["xid", "id"], name="entry_in_order"),
        ]
        triggers = [_append_only()]

    def __str__(self) -> str:
        return f"{self.action} {self.subject_type} {self.subject_id}"


class Access(Trace):
    """Something that was read; of a list, `details` name the filters and the rows on the page."""

    what = models.CharField(_("what was read"), max_length=100)
    details = models.JSONField(_("details"), default=dict, blank=True, encoder=DjangoJSONEncoder)

    class Meta(Trace.Meta):
        verbose_name = _("access")
        verbose_name_plural = _("accesses")
        indexes = [
            models.Index(fields=["subject_type", "subject_id"], name="access_subject"),
            models.Index(fields=["xid", "id"], name="access_in_order"),
        ]
        triggers = [_append_only()]

    def __str__(self) -> str:
        return f"{self.what} {self.subject_type} {self.subject_id}"


class Seal(models.Model):
    """One link of the chain: rows of one table in the order of (xid, id), and their digests.

    A seal covers the rows after (`from_xid`, `from_id`) up to (`until_xid`, `until_id`), with ids
    above `after_id`.  Digests stay when rows are forgotten: without the row's salt they say
    nothing about what it held.
    """

    number = models.BigIntegerField(primary_key=True)
    form = models.SmallIntegerField()
    table = models.CharField(max_length=10)
    after_id = models.BigIntegerField()  # ids up to here were there before a restore
    from_xid = models.BigIntegerField()
    from_id = models.BigIntegerField()
    until_xid = models.BigIntegerField()
    until_id = models.BigIntegerField()
    top_id = models.BigIntegerField()  # the highest id sealed in this table so far
    ids = ArrayField(models.BigIntegerField())
    digests = models.BinaryField()  # 32 bytes per row
    latest = models.DateTimeField()  # the latest time that a sealed row of this table tells
    sealed_at = models.DateTimeField()
    previous = models.BinaryField(unique=True)  # a chain cannot fork
    hash = models.BinaryField()
    key = models.CharField(max_length=16)  # which key made the mark, not the key
    mark = models.BinaryField()

    class Meta:
        verbose_name = _("seal of the trail")
        verbose_name_plural = _("seals of the trail")
        indexes = [
            models.Index(fields=["table", "number"], name="seals_of_a_table"),
            models.Index(fields=["table", "until_xid", "until_id"], name="seal_of_a_row"),
        ]
        triggers = [_append_only()]

    def __str__(self) -> str:
        return f"{self.number}:{bytes(self.hash).hex()}"


class Forgotten(models.Model):
    """Sealed rows that the house itself deleted at the end of their period (DP-04), marked."""

    table = models.CharField(max_length=10)
    lowest = models.BigIntegerField()
    highest = models.BigIntegerField()
    ids = ArrayField(models.BigIntegerField())
    at = models.DateTimeField()
    key = models.CharField(max_length=16)
    mark = models.BinaryField()

    class Meta:
        verbose_name = _("forgotten rows of the trail")
        verbose_name_plural = _("forgotten rows of the trail")
        indexes = [models.Index(fields=["table", "lowest"], name="forgotten_of_a_table")]
        triggers = [_append_only()]

    def __str__(self) -> str:
        return f"{self.table} {self.lowest}-{self.highest}"
