"""The register of appeals: gap-free numbers in order of arrival (RC-01, RC-02)."""

from __future__ import annotations

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.encryption import EncryptedTextField
from portal.uploads.models import StoredFile

from ..enums import AppealedDecision, MailOutcome, Signature, Standing
from .case import Case


class RegisterYear(models.Model):
    """The last number given out in a year of a mission's register; only the trigger writes it."""

    mission = models.ForeignKey("missions.Mission", models.PROTECT, related_name="+")
    year = models.PositiveSmallIntegerField(_("year"))
    last = models.PositiveIntegerField(_("last number"), default=0)

    class Meta:
        verbose_name = _("year of the register")
        verbose_name_plural = _("years of the register")
        constraints = [
            models.UniqueConstraint(fields=["mission", "year"], name="one_register_per_year")
        ]

    def __str__(self) -> str:
        return f"{self.mission_id} {self.year}: {self.last}"


def _numbered() -> pgtrigger.Trigger:
    """Give each appeal the next number of its mission and year, whatever the program says.

    The row of the year is locked until the commit, so whoever rolls back leaves no gap.
    """
    return pgtrigger.Trigger(
        name="numbered_in_order",
        when=pgtrigger.Before,
        operation=pgtrigger.Insert,
        func="""
            INSERT INTO complaints_registeryear (mission_id, year, last)
                VALUES (NEW.mission_id, NEW.year, 1)
                ON CONFLICT (mission_id, year)
                DO UPDATE SET last = complaints_registeryear.last + 1
                RETURNING last INTO NEW.number;
            RETURN NEW;
        """,
    )


def _never_renumbered() -> pgtrigger.Trigger:
    return pgtrigger.Trigger(
        name="never_renumbered",
        when=pgtrigger.Before,
        operation=pgtrigger.Update,
        condition=pgtrigger.Q(old__number__df=pgtrigger.F("new__number"))
        | pgtrigger.Q(old__year__df=pgtrigger.F("new__year"))
        | pgtrigger.Q(old__mission_id__df=pgtrigger.F("new__mission_id")),
        func="""
            RAISE EXCEPTION 'a number of the register stays'
                USING ERRCODE = 'check_violation', CONSTRAINT = 'never_renumbered';
        """,
    )


class Appeal(models.Model):
    """One line of the register: what it is against, how it came, and whether it is admissible.

    `year` is the civil year of arrival in Algiers.  `arrived_at` is when it reached the mission
    (stamp, mailbox or upload), `postmarked_on` what the envelope says.  `verdict` is
    `Verdict.as_json` of rules.admissibility; late ones are marked, never refused.
    """

    case = models.OneToOneField(Case, models.PROTECT, primary_key=True, related_name="appeal")
    mission = models.ForeignKey("missions.Mission", models.PROTECT, related_name="+")
    year = models.PositiveSmallIntegerField(_("year"))
    number = models.PositiveIntegerField(_("number"), editable=False, default=0)
    against = models.CharField(_("against"), max_length=20, choices=AppealedDecision.choices)
    decision = models.ForeignKey(
        "applications.Decision",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("decision in this house"),
    )
    decision_reference = EncryptedTextField(_("number on the decision"))
    is_long_stay = models.BooleanField(_("long-stay visa"), default=False)
    notified_on = models.DateField(_("notified on"))
    arrived_at = models.DateTimeField(_("arrived"))
    postmarked_on = models.DateField(_("postmark"), null=True, blank=True)
    signature = models.CharField(
        _("signature"), max_length=10, choices=Signature.choices, default=Signature.UNSEEN
    )
    signature_seen_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    standing = models.CharField(
        _("who appeals"), max_length=20, choices=Standing.choices, default=Standing.SELF
    )
    representative = EncryptedTextField(_("name of who appeals for the person"))
    # Whether an agent saw the letter by which the person lets somebody else appeal; null: unseen.
    authority_seen = models.BooleanField(_("letter of authority"), null=True, blank=True)
    verdict = models.JSONField(default=dict, editable=False)
    is_late = models.BooleanField(_("late"), null=True, editable=False)
    last_day = models.DateField(_("last day"), null=True, editable=False)
    # What is missing, asked for by letter with a deadline of its own.
    asked_to_mend_at = models.DateTimeField(_("asked to mend"), null=True, blank=True)
    mend_until = models.DateField(_("to be mended until"), null=True, blank=True)
    mended_at = models.DateTimeField(_("mended"), null=True, blank=True)

    class Meta:
        verbose_name = _("appeal")
        verbose_name_plural = _("register of appeals")
        ordering = ["mission", "year", "number"]
        constraints = [
            models.UniqueConstraint(
                fields=["mission", "year", "number"], name="one_appeal_per_number"
            ),
            models.CheckConstraint(
                name="an_appeal_names_what_it_is_against",
                condition=Q(against__in=AppealedDecision.values),
            ),
            models.CheckConstraint(
                name="a_seen_signature_has_its_witness",
                condition=Q(signature=Signature.UNSEEN) | Q(signature_seen_by__isnull=False),
            ),
        ]
        triggers = [
            _numbered(),
            _never_renumbered(),
            pgtrigger.Protect(name="stays_in_the_register", operation=pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return f"{self.year}/{self.number}"


class IncomingMail(models.Model):
    """An e-mail that came to the mission's mailbox: kept, dated, and what became of it.

    `sender` is what the mail claims, and proves nothing.  Its files lie in `files` until an officer
    registers it or adds it to a case, to which they go.
    """

    mission = models.ForeignKey("missions.Mission", models.PROTECT, related_name="+")
    # Hash of the Message-ID and the content: the same mail read twice is one row.
    mail_key = models.BinaryField(max_length=32, unique=True)
    received_at = models.DateTimeField(_("received"))
    sender = EncryptedTextField(_("sender"))
    subject = EncryptedTextField(_("subject"))
    text = EncryptedTextField(_("text"))
    attachments = models.PositiveSmallIntegerField(_("attachments"), default=0)
    notes = models.JSONField(_("noticed"), default=list, editable=False)  # codes
    outcome = models.CharField(_("outcome"), max_length=20, choices=MailOutcome.choices)
    case = models.ForeignKey(
        Case, models.PROTECT, null=True, blank=True, related_name="mails", verbose_name=_("case")
    )
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    created_at = models.DateTimeField(_("read"), auto_now_add=True)

    class Meta:
        verbose_name = _("e-mail received")
        verbose_name_plural = _("e-mails received")
        ordering = ["-received_at"]
        constraints = [
            models.CheckConstraint(
                name="a_mail_that_was_used_has_its_case",
                condition=Q(
                    outcome__in=[MailOutcome.REGISTERED, MailOutcome.ADDED], case__isnull=False
                )
                | (
                    ~Q(outcome__in=[MailOutcome.REGISTERED, MailOutcome.ADDED])
                    & Q(case__isnull=True)
                ),
            )
        ]
        indexes = [models.Index(fields=["mission", "outcome", "received_at"], name="mail_waiting")]

    def __str__(self) -> str:
        return f"{timezone.localtime(self.received_at):%Y-%m-%d %H:%M}"


class MailFile(models.Model):
    """A file that came with a mail which is no case yet."""

    mail = models.ForeignKey(IncomingMail, models.PROTECT, related_name="files")
    file = models.OneToOneField(StoredFile, models.PROTECT, related_name="+")
    position = models.PositiveSmallIntegerField(_("position"))

    class Meta:
        verbose_name = _("file of an e-mail")
        verbose_name_plural = _("files of e-mails")
        ordering = ["mail", "position"]

    def __str__(self) -> str:
        return f"{self.mail_id} {self.position}"
