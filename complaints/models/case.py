"""A case: a complaint or an appeal, from its arrival to its end."""

from __future__ import annotations

import uuid
from functools import partial

import pghistory
import pgtrigger
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from portal.encryption import EncryptedTextField
from portal.references import new_reference
from portal.uploads.models import StoredFile

from ..enums import OPEN_CASES, CaseState, Category, Channel, FileRole


def _posted_before_closed() -> pgtrigger.Trigger:
    """Refuse to close a case whose answer goes by post before a letter was posted (RC-02)."""
    return pgtrigger.Trigger(
        name="posted_before_closed",
        when=pgtrigger.Before,
        operation=pgtrigger.Update,
        condition=pgtrigger.Q(
            old__state__df=pgtrigger.F("new__state"),
            new__state=CaseState.CLOSED,
            new__answer_by_post=True,
        ),
        func="""
            IF NOT EXISTS (
                SELECT 1 FROM complaints_letter
                WHERE case_id = NEW.id AND is_answer AND state = 'dispatched'
            ) THEN
                RAISE EXCEPTION 'the answer has not been posted'
                    USING ERRCODE = 'check_violation', CONSTRAINT = 'posted_before_closed';
            END IF;
            RETURN NEW;
        """,
    )


@pghistory.track(
    fields=["state", "category", "assigned_to", "answer_by_post"], model_name="CaseHistory"
)
class Case(models.Model):
    """What somebody told the mission, who handles it, and where it stands.

    Content rests encrypted.  `words` and `name_parts` are keyed hashes of stems and of trigrams,
    so that it can be searched without lying open.  `person_key` is the hash of the e-mail
    address, or of name and address where there is none: it finds cases of the same person.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    reference = models.CharField(
        _("reference"), max_length=20, unique=True, default=partial(new_reference, "C")
    )
    mission = models.ForeignKey(
        "missions.Mission", models.PROTECT, related_name="+", verbose_name=_("mission")
    )
    category = models.CharField(_("category"), max_length=20, choices=Category.choices)
    state = models.CharField(
        _("state"), max_length=20, choices=CaseState.choices, default=CaseState.RECEIVED
    )
    channel = models.CharField(
        _("came in"), max_length=10, choices=Channel.choices, default=Channel.PORTAL
    )
    # Order of arrival is this moment, then the reference (RC-02); it never changes.
    received_at = models.DateTimeField(_("received"), editable=False)
    language = models.CharField(_("language of the answer"), max_length=2)

    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("account"),
    )
    name = EncryptedTextField(_("name"))
    email = EncryptedTextField(_("e-mail address"))
    phone = EncryptedTextField(_("telephone"))
    postal_address = EncryptedTextField(_("postal address"), help_text=_("One line per line"))
    person_key = models.BinaryField(max_length=32, db_index=True)
    name_parts = ArrayField(models.BigIntegerField(), default=list, editable=False)

    text = EncryptedTextField(_("text"))
    text_key = models.BinaryField(max_length=32, db_index=True)
    words = ArrayField(models.BigIntegerField(), default=list, editable=False)

    assigned_to = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("handled by"),
    )
    assigned_at = models.DateTimeField(_("taken up"), null=True, blank=True, editable=False)
    answer_by_post = models.BooleanField(_("answered by post"), default=False)
    # What the handler proposes or gave as the outcome; the letter says it to the person.
    outcome = EncryptedTextField(_("outcome"))
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("answer proposed by"),
    )
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("answer confirmed by"),
    )
    closed_at = models.DateTimeField(_("closed"), null=True, blank=True, editable=False)
    created_at = models.DateTimeField(_("registered"), auto_now_add=True)
    updated_at = models.DateTimeField(_("changed"), auto_now=True)

    class Meta:
        verbose_name = _("case")
        verbose_name_plural = _("cases")
        ordering = ["received_at", "reference"]
        permissions = [
            ("handle_complaint", "Can take up and answer complaints"),
            ("handle_appeal", "Can take up and answer appeals"),
        ]
        constraints = [
            models.CheckConstraint(
                name="case_state_is_known", condition=Q(state__in=CaseState.values)
            ),
            models.CheckConstraint(
                name="case_category_is_known", condition=Q(category__in=Category.values)
            ),
            models.CheckConstraint(
                name="an_appeal_is_answered_by_post",
                condition=~Q(category=Category.APPEAL) | Q(answer_by_post=True),
            ),
            models.CheckConstraint(
                name="a_case_being_handled_has_a_handler",
                condition=~Q(state__in=[CaseState.ASSIGNED, CaseState.ASKED, CaseState.PROPOSED])
                | Q(assigned_to__isnull=False),
            ),
            models.CheckConstraint(
                name="a_second_person_confirms_an_appeal",
                condition=~Q(category=Category.APPEAL)
                | ~Q(state__in=[CaseState.TO_POST, CaseState.CLOSED])
                | (
                    Q(proposed_by__isnull=False, confirmed_by__isnull=False)
                    & ~Q(proposed_by=models.F("confirmed_by"))
                ),
            ),
        ]
        indexes = [
            models.Index(
                fields=["mission", "category", "received_at", "reference"],
                name="next_case",
                condition=Q(state=CaseState.RECEIVED),
            ),
            models.Index(fields=["mission", "state", "received_at"], name="case_queue"),
            models.Index(fields=["received_at", "reference"], name="case_arrival"),
            models.Index(
                fields=["received_at", "reference"],
                name="open_case_arrival",
                condition=Q(state__in=OPEN_CASES),
            ),
            models.Index(fields=["assigned_to", "state"], name="case_handler"),
            GinIndex(fields=["words"], name="case_words"),
            GinIndex(fields=["name_parts"], name="case_name_parts"),
        ]
        triggers = [_posted_before_closed()]

    def __str__(self) -> str:
        return self.reference

    @property
    def is_appeal(self) -> bool:
        """Whether it is a formal appeal and not a complaint (CP-04)."""
        return self.category == Category.APPEAL


class CaseFile(models.Model):
    """A file of a case, checked and shown as every upload is.

    A text about two subjects is two cases (CP-01), and whoever handles either reads its files.
    """

    case = models.ForeignKey(Case, models.PROTECT, related_name="files", verbose_name=_("case"))
    file = models.ForeignKey(StoredFile, models.PROTECT, related_name="+")
    role = models.CharField(
        _("kind"), max_length=20, choices=FileRole.choices, default=FileRole.ATTACHMENT
    )
    added_at = models.DateTimeField(_("added"), auto_now_add=True)

    class Meta:
        verbose_name = _("file of a case")
        verbose_name_plural = _("files of cases")
        ordering = ["case", "added_at", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["case", "file"], name="a_file_once_in_a_case")
        ]

    def __str__(self) -> str:
        return f"{self.case_id} {self.role}"


class CaseMessage(models.Model):
    """One message between the person and the house about a case."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="messages", verbose_name=_("case"))
    from_staff = models.BooleanField(_("from the consulate"))
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    text = EncryptedTextField(_("text"))
    sent_at = models.DateTimeField(_("sent"), auto_now_add=True)
    read_at = models.DateTimeField(_("read"), null=True, blank=True)

    class Meta:
        verbose_name = _("message about a case")
        verbose_name_plural = _("messages about cases")
        ordering = ["sent_at", "pk"]

    def __str__(self) -> str:
        return f"{self.case_id} {self.sent_at:%Y-%m-%d %H:%M}"


class CaseNote(models.Model):
    """What handlers write for each other; neither the page of a case nor an export shows it."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="notes", verbose_name=_("case"))
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    text = EncryptedTextField(_("note"))
    written_at = models.DateTimeField(_("written"), auto_now_add=True)

    class Meta:
        verbose_name = _("note on a case")
        verbose_name_plural = _("notes on cases")
        ordering = ["written_at", "pk"]

    def __str__(self) -> str:
        return f"{self.case_id} {self.written_at:%Y-%m-%d %H:%M}"
