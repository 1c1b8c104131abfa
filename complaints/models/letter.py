"""Letters of the house, and the bags in which they are printed and posted."""

from __future__ import annotations

from functools import partial

import pghistory
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from portal.encryption import EncryptedTextField
from portal.references import new_reference

from ..enums import LetterState
from .case import Case


class PostBag(models.Model):
    """Letters printed together, with a list that goes to the post office."""

    reference = models.CharField(
        _("reference"), max_length=20, unique=True, default=partial(new_reference, "B")
    )
    mission = models.ForeignKey("missions.Mission", models.PROTECT, related_name="+")
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    made_at = models.DateTimeField(_("made"), auto_now_add=True)

    class Meta:
        verbose_name = _("post bag")
        verbose_name_plural = _("post bags")
        ordering = ["-made_at"]

    def __str__(self) -> str:
        return self.reference


@pghistory.track(
    fields=["state", "bag", "dispatched_on", "tracking_number", "returned_on"],
    model_name="LetterHistory",
)
class Letter(models.Model):
    """One letter to one person, in German or French.

    `template` names a folder of letter texts; `blocks` the optional ones that were chosen;
    `address` is the postal address at the time of writing.  From `ready` on its text is fixed,
    and equal text and day give an equal PDF.
    """

    reference = models.CharField(
        _("reference"), max_length=20, unique=True, default=partial(new_reference, "L")
    )
    case = models.ForeignKey(Case, models.PROTECT, related_name="letters", verbose_name=_("case"))
    state = models.CharField(
        _("state"), max_length=20, choices=LetterState.choices, default=LetterState.DRAFT
    )
    template = models.SlugField(_("template"))
    # Whether it is what the case waits for, and not a question or a receipt on the way.
    is_answer = models.BooleanField(_("answers the case"), default=False)
    language = models.CharField(_("language"), max_length=2)
    blocks = models.JSONField(_("optional parts"), default=list)
    own_words = EncryptedTextField(_("own words"))
    text = EncryptedTextField(_("text as sent"))
    address = EncryptedTextField(_("postal address"))
    written_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    dated = models.DateField(_("date on the letter"), null=True, blank=True)
    bag = models.ForeignKey(PostBag, models.PROTECT, null=True, blank=True, related_name="letters")
    dispatched_on = models.DateField(_("posted on"), null=True, blank=True)
    tracking_number = models.CharField(_("tracking number"), max_length=40, blank=True)
    returned_on = models.DateField(_("came back on"), null=True, blank=True)
    returned_why = models.CharField(_("why it came back"), max_length=200, blank=True)
    instead_of = models.OneToOneField(
        "self", models.PROTECT, null=True, blank=True, related_name="sent_again"
    )
    created_at = models.DateTimeField(_("begun"), auto_now_add=True)
    updated_at = models.DateTimeField(_("changed"), auto_now=True)

    class Meta:
        verbose_name = _("letter")
        verbose_name_plural = _("letters")
        ordering = ["-created_at"]
        constraints = [
            models.CheckConstraint(
                name="letter_state_is_known", condition=Q(state__in=LetterState.values)
            ),
            models.CheckConstraint(
                name="a_letter_is_german_or_french", condition=Q(language__in=["de", "fr"])
            ),
            models.CheckConstraint(
                name="a_posted_letter_has_its_day",
                condition=~Q(state__in=[LetterState.DISPATCHED, LetterState.RETURNED])
                | Q(dispatched_on__isnull=False),
            ),
            models.CheckConstraint(
                name="a_letter_in_print_has_its_bag",
                condition=~Q(state__in=[LetterState.PRINTED, LetterState.DISPATCHED])
                | Q(bag__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.reference
