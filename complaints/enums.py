"""The words a complaint and an appeal are described with."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Category(models.TextChoices):
    """What a case is about: one of three subjects of a complaint (CP-01), or an appeal."""

    STAFF = "staff", _("Conduct of consular staff")
    PROVIDER = "provider", _("Conduct of the external service provider")
    PROCEDURE = "procedure", _("Procedure of applying for a visa")
    APPEAL = "appeal", _("Formal appeal")


# The subjects of a complaint; an appeal is none (CP-04).
SUBJECTS = (Category.STAFF, Category.PROVIDER, Category.PROCEDURE)


class CaseState(models.TextChoices):
    """Where a case stands inside the house; its person sees fewer words (RC-02)."""

    DOUBT = "doubt", _("A person decides on the language")
    RECEIVED = "received", pgettext_lazy("a case", "Received")
    ASSIGNED = "assigned", pgettext_lazy("a case", "Being handled")
    ASKED = "asked", _("The person was asked something")
    PROPOSED = "proposed", _("An answer waits for a second person")
    TO_POST = "to_post", _("The answer is to be posted")
    CLOSED = "closed", pgettext_lazy("a case", "Closed")
    WITHDRAWN = "withdrawn", pgettext_lazy("a case", "Withdrawn")


# States in which somebody in the house still owes something.
OPEN_CASES = (
    CaseState.DOUBT,
    CaseState.RECEIVED,
    CaseState.ASSIGNED,
    CaseState.ASKED,
    CaseState.PROPOSED,
    CaseState.TO_POST,
)
ENDED_CASES = (CaseState.CLOSED, CaseState.WITHDRAWN)


class Channel(models.TextChoices):
    """How a case came in (RC-01)."""

    PORTAL = "portal", _("through this site")
    EMAIL = "email", _("by e-mail")
    POST = "post", _("by post")
    FAX = "fax", _("by fax")
    DESK = "desk", _("at the counter")


class AppealedDecision(models.TextChoices):
    """What an appeal is against (CP-04)."""

    REFUSAL = "refusal", _("Refusal of a visa")
    ANNULMENT = "annulment", _("Annulment of a visa")
    REVOCATION = "revocation", _("Revocation of a visa")


class Signature(models.TextChoices):
    """Whether an agent has seen a signature; nobody else can tell (RC-01)."""

    UNSEEN = "unseen", _("Nobody has looked yet")
    SEEN = "seen", _("Signed")
    MISSING = "missing", _("Not signed")


class Standing(models.TextChoices):
    """Who appeals."""

    SELF = "self", _("The person concerned")
    GUARDIAN = "guardian", _("A parent or guardian")
    REPRESENTATIVE = "representative", _("Somebody with a power of attorney")
    OTHER = "other", _("Somebody else")


class FileRole(models.TextChoices):
    """What a file of a case is."""

    ATTACHMENT = "attachment", _("Attachment")
    APPEAL = "appeal", _("Signed appeal")
    AUTHORITY = "authority", _("Power of attorney")
    SCAN = "scan", _("Scan of a letter or fax")


class LetterState(models.TextChoices):
    """Where a letter of the house stands on its way to a letter box."""

    DRAFT = "draft", _("Draft")
    READY = "ready", _("Ready to be printed")
    PRINTED = "printed", _("Printed")
    DISPATCHED = "dispatched", _("Posted")
    RETURNED = "returned", _("Came back")
    CANCELLED = "cancelled", pgettext_lazy("a letter", "Not sent")


class MailOutcome(models.TextChoices):
    """What became of an e-mail that came in."""

    TO_REGISTER = "to_register", _("Has a file: an appeal officer registers it")
    REGISTERED = "registered", _("Registered as an appeal")
    NOT_AN_APPEAL = "not_an_appeal", _("Answered: not yet an appeal")
    ADDED = "added", _("Added to a case")
    BROKEN = "broken", _("Could not be read; somebody must look")
    DOUBTED = "doubted", _("Looks forged or automatic; somebody must look")
    SET_ASIDE = "set_aside", _("Looked at: nothing to do")


# Mails that still wait for an officer.
WAITING_MAILS = (MailOutcome.TO_REGISTER, MailOutcome.BROKEN, MailOutcome.DOUBTED)
