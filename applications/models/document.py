"""The papers of a file."""

from __future__ import annotations

from typing import Any

import pghistory
from django.db import models
from django.db.models import F, Q
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from ..enums import DocumentState, Translation
from ..rules.checklist_table import CHECKLIST
from ..wording.words import PAPERS
from .application import Application


def paper_choices() -> list[tuple[str, Any]]:
    """Return the papers that ``checklist.toml`` knows, in words."""
    return [(kind, PAPERS[kind]) for kind in CHECKLIST.proves]


@pghistory.track(
    fields=["state", "reason", "issued_on", "valid_from", "valid_until", "translation"],
    model_name="DocumentHistory",
)
class Document(models.Model):
    """One paper of one application: what was provided, and what an agent found of it.

    A paper nobody touched has no row; `applications.file_checklist` says which ones are missing.
    """

    application = models.ForeignKey(
        Application, models.CASCADE, related_name="documents", verbose_name=_("application")
    )
    kind = models.CharField(_("paper"), max_length=40, choices=paper_choices)
    state = models.CharField(
        _("state"), max_length=20, choices=DocumentState.choices, default=DocumentState.EXPECTED
    )
    reason = models.CharField(
        _("reason"), max_length=300, blank=True, help_text=_("Shown to the applicant")
    )
    # What the paper says of itself, as far as a rule asks; None: not told.
    issued_on = models.DateField(_("issued on"), null=True, blank=True)
    valid_from = models.DateField(_("valid from"), null=True, blank=True)
    valid_until = models.DateField(_("valid until"), null=True, blank=True)
    amount = models.PositiveIntegerField(_("amount covered, in euros"), null=True, blank=True)
    translation = models.CharField(
        _("translation"), max_length=10, choices=Translation.choices, default=Translation.NONE
    )
    files = models.ManyToManyField(
        "uploads.StoredFile", through="DocumentFile", related_name="+", verbose_name=_("files")
    )
    # Counts changes, so that a second window notices that the first one was faster.
    version = models.PositiveIntegerField(default=0)
    updated_at = models.DateTimeField(_("changed"), auto_now=True)

    class Meta:
        verbose_name = _("document")
        verbose_name_plural = _("documents")
        ordering = ["application", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["application", "kind"], name="one_row_per_paper_of_a_file"
            ),
            models.CheckConstraint(
                name="document_state_is_known", condition=Q(state__in=DocumentState.values)
            ),
            models.CheckConstraint(
                name="an_unacceptable_paper_has_a_reason",
                condition=~Q(state=DocumentState.NOT_ACCEPTABLE) | ~Q(reason=""),
            ),
            models.CheckConstraint(
                name="a_paper_is_valid_forward",
                condition=Q(valid_until__gte=F("valid_from")),
            ),
        ]

    def __str__(self) -> str:
        return str(capfirst(self.get_kind_display()))

    @property
    def is_at_hand(self) -> bool:
        """Whether the traveller says to have it, and no agent has refused it."""
        return self.state in (DocumentState.PROVIDED, DocumentState.CHECKED)


class DocumentFile(models.Model):
    """One file of a paper; `replaced_at` once the paper was refused and provided anew."""

    document = models.ForeignKey(
        Document, models.CASCADE, related_name="parts", verbose_name=_("document")
    )
    file = models.OneToOneField(
        "uploads.StoredFile", models.PROTECT, related_name="part", verbose_name=_("file")
    )
    position = models.PositiveSmallIntegerField(_("position"))
    added_at = models.DateTimeField(_("added"), auto_now_add=True)
    replaced_at = models.DateTimeField(_("replaced"), null=True, blank=True)

    class Meta:
        verbose_name = _("file of a document")
        verbose_name_plural = _("files of documents")
        ordering = ["document", "position", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["document", "position"],
                condition=Q(replaced_at__isnull=True),
                name="one_file_per_place_in_a_paper",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.document_id}/{self.position}"
