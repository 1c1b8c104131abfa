"""A file that somebody sent: what it is, how far its checks are, where it lies sealed."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.encryption import EncryptedTextField

from .kinds import Kind
from .names import name_with
from .refusals import FileRefused, refusal_of
from .workflow import ScanState, State


class StoredFile(models.Model):
    """One uploaded file. The sealed original is kept; only the cleaned copy is ever shown.

    Whoever points at it decides who may see it: this room has no addresses of its own. Point
    with PROTECT, and end it with `operations.destroy`, which also deletes what is stored.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("sent by"),
    )
    name = EncryptedTextField(_("name"), help_text=_("For people to read; never a path."))
    kind = models.CharField(_("kind"), max_length=4, choices=Kind.choices)
    size = models.PositiveIntegerField(_("bytes"))
    digest = models.BinaryField(_("keyed hash of the content"), max_length=32)
    pages = models.PositiveSmallIntegerField(_("pages"), null=True, blank=True)
    width = models.PositiveIntegerField(_("width in pixels"), null=True, blank=True)
    height = models.PositiveIntegerField(_("height in pixels"), null=True, blank=True)
    created_at = models.DateTimeField(_("sent"), default=timezone.now, editable=False)

    state = models.CharField(
        _("state"), max_length=10, choices=State.choices, default=State.RECEIVED
    )
    refusal_code = models.SlugField(_("why refused"), blank=True)
    settled_at = models.DateTimeField(_("checked"), null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    claimed_until = models.DateTimeField(_("claimed until"), null=True, blank=True)
    scan_state = models.CharField(
        _("virus scan"), max_length=12, choices=ScanState.choices, default=ScanState.NOT_SCANNED
    )
    scan_tried_at = models.DateTimeField(_("scan tried"), null=True, blank=True)

    original_name = models.CharField(max_length=40, blank=True, editable=False)
    original_key = EncryptedTextField(editable=False)
    cleaned_name = models.CharField(max_length=40, blank=True, editable=False)
    cleaned_key = EncryptedTextField(editable=False)
    cleaned_size = models.PositiveIntegerField(null=True, blank=True, editable=False)

    class Meta:
        verbose_name = _("uploaded file")
        verbose_name_plural = _("uploaded files")
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state=State.REFUSED) ^ Q(refusal_code=""),
                name="only_a_refused_file_has_a_reason",
            ),
            models.CheckConstraint(
                condition=~Q(state=State.REFUSED)
                | Q(original_name="", original_key=b"", cleaned_name="", cleaned_key=b""),
                name="a_refused_file_keeps_no_content",
            ),
            models.CheckConstraint(
                condition=~Q(state=State.CLEAN)
                | (~Q(original_name="") & ~Q(cleaned_name="") & Q(cleaned_size__isnull=False)),
                name="a_clean_file_has_original_and_copy",
            ),
            models.CheckConstraint(
                condition=~Q(scan_state=ScanState.INFECTED) | Q(state=State.REFUSED),
                name="an_infected_file_is_refused",
            ),
            models.CheckConstraint(condition=Q(size__gt=0), name="a_stored_file_is_not_empty"),
            models.UniqueConstraint(
                fields=["original_name"],
                condition=~Q(original_name=""),
                name="one_file_per_stored_original",
            ),
            models.UniqueConstraint(
                fields=["cleaned_name"],
                condition=~Q(cleaned_name=""),
                name="one_file_per_stored_copy",
            ),
        ]
        indexes = [
            models.Index(
                fields=["created_at"], name="file_unsettled", condition=Q(state=State.RECEIVED)
            ),
            models.Index(
                fields=["scan_tried_at"],
                name="file_unscanned",
                condition=Q(state=State.CLEAN, scan_state=ScanState.NOT_SCANNED),
            ),
            models.Index(fields=["digest"], name="file_digest"),
        ]

    def __str__(self) -> str:
        return str(self.pk)

    @property
    def is_ready(self) -> bool:
        """Tell whether there is a cleaned copy, which its owner may see at once."""
        return bool(self.state == State.CLEAN)

    @property
    def is_ready_for_staff(self) -> bool:
        """Tell whether staff may open it: ready, and scanned where there is a scanner."""
        return self.is_ready and not self.awaits_scan

    @property
    def awaits_scan(self) -> bool:
        """Tell whether a scanner is configured that has not passed this file yet."""
        return bool(settings.CLAMD_URL) and self.scan_state != ScanState.CLEAN

    @property
    def is_being_checked(self) -> bool:
        """Tell whether the checks still go on; they end within a minute or so."""
        return bool(self.state == State.RECEIVED)

    @property
    def refusal(self) -> FileRefused | None:
        """Return why the file was refused (code, message, remedy to show), or None."""
        return refusal_of(self.refusal_code) if self.state == State.REFUSED else None

    @property
    def shown_kind(self) -> Kind:
        """Return the kind of the cleaned copy."""
        return Kind(self.kind).shown_as

    @property
    def download_name(self) -> str:
        """Return the name to save the cleaned copy under."""
        return name_with(self.name, self.shown_kind.suffix)
