"""What agents do with a file: ask for papers, confirm an urgency, record the decision."""

from __future__ import annotations

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from portal.encryption import EncryptedTextField

from ..enums import DecisionOutcome
from .application import Application


class PaperRequest(models.Model):
    """Papers an agent asks for, until when, and whether the clock stands still meanwhile."""

    application = models.ForeignKey(
        Application,
        models.CASCADE,
        related_name="paper_requests",
        verbose_name=_("application"),
    )
    # Items of checklist.toml; what is asked for in words is in `text`.
    kinds = models.JSONField(_("papers"), default=list, blank=True)
    text = EncryptedTextField(_("what is asked for"))
    due_on = models.DateField(_("to be there by"))
    stops_clock = models.BooleanField(_("the clock stands still meanwhile"), default=False)
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("asked by")
    )
    asked_at = models.DateTimeField(_("asked"), auto_now_add=True)
    answered_at = models.DateTimeField(_("answered"), null=True, blank=True)
    closed_at = models.DateTimeField(_("closed"), null=True, blank=True)

    class Meta:
        verbose_name = _("request for papers")
        verbose_name_plural = _("requests for papers")
        ordering = ["-asked_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["application"],
                condition=Q(closed_at__isnull=True),
                name="one_open_request_per_application",
            )
        ]

    def __str__(self) -> str:
        return f"{self.application_id} {self.due_on}"


class Derogation(models.Model):
    """A justified urgency lets the consulate waive the three months (PA-09); two people decide."""

    application = models.ForeignKey(
        Application, models.CASCADE, related_name="derogations", verbose_name=_("application")
    )
    reason = EncryptedTextField(_("reason"))
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("proposed by")
    )
    proposed_at = models.DateTimeField(_("proposed"), auto_now_add=True)
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("settled by"),
    )
    settled_at = models.DateTimeField(_("settled"), null=True, blank=True)
    is_granted = models.BooleanField(_("granted"), null=True, blank=True)

    class Meta:
        verbose_name = _("derogation")
        verbose_name_plural = _("derogations")
        ordering = ["-proposed_at"]
        constraints = [
            models.CheckConstraint(
                name="a_second_agent_settles_a_derogation",
                condition=Q(settled_by__isnull=True) | ~Q(settled_by=F("proposed_by")),
            ),
            models.CheckConstraint(
                name="a_settled_derogation_is_whole",
                condition=Q(settled_by__isnull=True, settled_at__isnull=True, is_granted=None)
                | Q(settled_by__isnull=False, settled_at__isnull=False, is_granted__isnull=False),
            ),
            models.UniqueConstraint(
                fields=["application"],
                condition=Q(settled_at__isnull=True),
                name="one_open_derogation_per_application",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.application_id}"


def _decided_in_order() -> pgtrigger.Trigger:
    """Refuse what no constraint of one table sees.

    A decision of a file that was never handed in (PA-12, AP-05), and the end of a visa that was
    never granted.
    """
    return pgtrigger.Trigger(
        name="decided_in_order",
        when=pgtrigger.Before,
        operation=pgtrigger.Insert | pgtrigger.Update,
        declare=[("handed_in", "date")],
        func="""
            SELECT filed_on INTO handed_in FROM applications_application
                WHERE id = NEW.application_id;
            IF handed_in IS NULL OR NEW.decided_on < handed_in THEN
                RAISE EXCEPTION 'decided before the file was handed in'
                    USING ERRCODE = 'check_violation',
                    CONSTRAINT = 'a_decision_follows_a_filed_file';
            END IF;
            IF NEW.outcome IN ('annulled', 'revoked') AND NOT EXISTS (
                SELECT FROM applications_decision WHERE application_id = NEW.application_id
                    AND outcome = 'granted' AND decided_on <= NEW.decided_on
            ) THEN
                RAISE EXCEPTION 'no granted visa ends here'
                    USING ERRCODE = 'check_violation',
                    CONSTRAINT = 'only_a_granted_visa_ends_early';
            END IF;
            RETURN NEW;
        """,
    )


class Decision(models.Model):
    """What the authority decided, and when the person was told: remedies run from that day."""

    application = models.ForeignKey(
        Application, models.PROTECT, related_name="decisions", verbose_name=_("application")
    )
    outcome = models.CharField(_("outcome"), max_length=20, choices=DecisionOutcome.choices)
    decided_on = models.DateField(_("decided on"))
    notified_on = models.DateField(_("notified on"), null=True, blank=True)
    visa_from = models.DateField(_("visa valid from"), null=True, blank=True)
    visa_until = models.DateField(_("visa valid until"), null=True, blank=True)
    # Why, in the words of the paper that was handed over; empty for a visa that was granted.
    reason = EncryptedTextField(_("reason"))
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("recorded by")
    )
    recorded_at = models.DateTimeField(_("recorded"), auto_now_add=True)

    class Meta:
        verbose_name = _("decision")
        verbose_name_plural = _("decisions")
        ordering = ["application", "decided_on", "id"]
        constraints = [
            # An application is answered once; a visa that was granted ends early once.
            models.UniqueConstraint(
                fields=["application"],
                condition=Q(outcome__in=["granted", "refused"]),
                name="one_answer_per_application",
            ),
            models.UniqueConstraint(
                fields=["application"],
                condition=Q(outcome__in=["annulled", "revoked"]),
                name="one_early_end_per_visa",
            ),
            models.CheckConstraint(
                name="nobody_is_notified_before_the_decision",
                condition=Q(notified_on__gte=F("decided_on")),
            ),
            models.CheckConstraint(
                name="a_visa_runs_forward", condition=Q(visa_until__gte=F("visa_from"))
            ),
            models.CheckConstraint(
                name="only_a_granted_visa_has_days",
                condition=Q(outcome="granted") | Q(visa_from__isnull=True, visa_until__isnull=True),
            ),
        ]
        triggers = [_decided_in_order()]

    def __str__(self) -> str:
        return self.get_outcome_display()
