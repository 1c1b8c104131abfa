"""The papers of a file."""

from __future__ import annotations

import pghistory
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from ..enums import DocumentKind, DocumentState
from .application import Application


@pghistory.track(fields=["state", "reason"], model_name="DocumentHistory")
class Document(models.Model):
    """One paper that the file needs, and what an agent found when it was shown."""

    application = models.ForeignKey(
        Application, models.CASCADE, related_name="documents", verbose_name=_("application")
    )
    kind = models.CharField(_("paper"), max_length=20, choices=DocumentKind.choices)
    state = models.CharField(
        _("state"), max_length=20, choices=DocumentState.choices, default=DocumentState.EXPECTED
    )
    reason = models.CharField(
        _("reason"), max_length=300, blank=True, help_text=_("Shown to the applicant")
    )
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
                name="an_unacceptable_paper_has_a_reason",
                condition=~Q(state=DocumentState.NOT_ACCEPTABLE) | ~Q(reason=""),
            ),
        ]

    def __str__(self) -> str:
        return self.get_kind_display()
