"""Messages to people: written with the change they tell of, sent once, kept as proof."""

from __future__ import annotations

import hashlib
import hmac
from email.utils import parseaddr
from functools import lru_cache

from django.conf import settings
from django.db import models
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.encryption import EncryptedJSONField, EncryptedTextField, lookup_key

from .channels import Channel, Urgency
from .workflow import UNREACHED, State


class Message(models.Model):
    """One message to one person about one version of one subject."""

    # Found by the constraint below, which begins with it: each index more slows every message.
    kind = models.SlugField(_("kind"), db_index=False)
    subject = models.CharField(_("about"), max_length=100, help_text=_("Such as appointment:…"))
    version = models.PositiveIntegerField(_("version"))
    channel = models.CharField(
        _("channel"), max_length=10, choices=Channel.choices, default=Channel.EMAIL
    )
    mission = models.ForeignKey(
        "missions.Mission",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("mission"),
    )
    recipient = EncryptedTextField(_("recipient"))
    # Of the e-mail address on every channel: it finds all that was told to one person.
    recipient_key = models.BinaryField(max_length=32, db_index=True)
    phone = EncryptedTextField(_("telephone"), help_text=_("To call where no message arrives"))
    language = models.CharField(_("language"), max_length=2, choices=settings.LANGUAGES)
    context = EncryptedJSONField(_("content"))
    message_id = models.CharField(_("Message-ID"), max_length=200)
    bulk = models.UUIDField(
        _("one of"), null=True, blank=True, help_text=_("What thousands were told at once")
    )
    urgency = models.PositiveSmallIntegerField(
        _("urgency"), choices=Urgency.choices, default=Urgency.USUAL
    )
    created_at = models.DateTimeField(_("written"), default=timezone.now)

    state = models.CharField(_("state"), max_length=20, choices=State.choices, default=State.QUEUED)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    due_at = models.DateTimeField(_("due"), default=timezone.now)
    useful_until = models.DateTimeField(_("of use until"), null=True, blank=True)
    claimed_until = models.DateTimeField(_("claimed until"), null=True, blank=True)
    sent_at = models.DateTimeField(_("sent"), null=True, blank=True)
    opened_at = models.DateTimeField(
        _("opened"), null=True, blank=True, help_text=_("When its reader confirmed it")
    )
    provider_id = models.CharField(_("number with the provider"), max_length=100, blank=True)
    last_error = models.CharField(_("last error"), max_length=100, blank=True)

    class Meta:
        verbose_name = _("message")
        verbose_name_plural = _("messages")
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "subject", "version", "channel"],
                name="one_message_per_kind_subject_version_channel",
            )
        ]
        indexes = [
            models.Index(fields=["subject"], name="message_subject"),
            models.Index(fields=["message_id"], name="message_message_id"),
            models.Index(
                fields=["channel", "urgency", "due_at", "id"],
                name="message_in_line",
                condition=models.Q(state=State.QUEUED),
            ),
            models.Index(
                fields=["bulk"], name="message_bulk", condition=models.Q(bulk__isnull=False)
            ),
            models.Index(
                fields=["state", "created_at"],
                name="message_unreached",
                condition=models.Q(state__in=UNREACHED),
            ),
            models.Index(
                fields=["claimed_until"],
                name="message_claimed",
                condition=models.Q(state=State.SENDING),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.subject} {self.version}"

    @property
    def about(self) -> tuple[str, str, int]:
        """What is the same for one message on all its channels."""
        return self.kind, self.subject, self.version

    @property
    def key(self) -> str:
        """What is the same for every try of this message and for no other one."""
        return self.message_id.strip("<>").partition("@")[0]


class UnreachedMessage(Message):
    """A message that reached nobody, as those who telephone see it."""

    class Meta:
        proxy = True
        verbose_name = _("person not reached")
        verbose_name_plural = _("people not reached")


def recipient_key(address: str) -> bytes:
    """Return the hash by which the messages to an address are found."""
    return lookup_key("recipient", address)


def messages_to(address: str) -> QuerySet[Message]:
    """Return the messages to this very address, and the texts that said the same.

    The hash drops signs, so that a.b@example.org and ab@example.org share it; the address decides.
    """
    alike = Message.objects.filter(recipient_key=recipient_key(address))
    rows = list(alike.only("kind", "subject", "version", "recipient"))
    wanted = address.casefold()
    told = {row.about for row in rows if row.recipient.casefold() == wanted}
    return Message.objects.filter(pk__in=[row.pk for row in rows if row.about in told])


def message_id(*, kind: str, subject: str, version: int, channel: str) -> str:
    """Return the Message-ID of a message's key: the same after every crash and retry."""
    key = "\x1f".join(["message-id", kind, subject, str(version), channel])
    digest = hmac.digest(settings.LOOKUP_KEY.encode(), key.encode(), hashlib.sha256)
    return f"<{digest.hex()[:40]}@{_sending_host(settings.DEFAULT_FROM_EMAIL)}>"


@lru_cache(maxsize=4)
def _sending_host(sender: str) -> str:
    address = parseaddr(sender)[1]
    return address.rpartition("@")[2] or "localhost"
