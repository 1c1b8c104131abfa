"""Missions, and what is true of them only for a time: providers and languages (CV-07)."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from portal.rules.parameters import Ruleset


def in_language(texts: dict[str, str], language: str | None = None) -> str:
    """Return the text in `language` (default: the active one), else in French or any other."""
    code = (language or get_language() or "fr")[:2]
    return texts.get(code) or texts.get("fr") or next(iter(texts.values()), "")


class Mission(models.Model):
    """A state's consular post, such as Germany in Algiers or France in Oran."""

    code = models.SlugField(_("code"), unique=True)
    state = models.CharField(_("country"), max_length=2, help_text=_("ISO 3166 code, such as DE"))
    post = models.SlugField(_("post"), help_text=_("City of the post, such as oran"))
    names = models.JSONField(_("names"), help_text=_("Name in each language"))
    rulesets = models.JSONField(
        _("rulesets"),
        default=dict,
        blank=True,
        help_text=_("Rule family to seed or current; a family that is absent uses seed"),
    )
    asks_retiree_card = models.BooleanField(
        _("asks for a retiree card"), default=False, help_text=_("Where RD-01 lets it walk in")
    )
    # On letters: lines by language, such as {"fr": ["1, rue …", "+213 …"]}, and the envelope.
    letterhead = models.JSONField(
        _("letterhead"),
        default=dict,
        blank=True,
        help_text=_("Lines of address and telephone in each language, as they stand on letters"),
    )
    envelope = models.SlugField(
        _("envelope"),
        default="din_5008_b",
        help_text=_("Where its window is: din_5008_b, french_dl"),
    )
    is_active = models.BooleanField(_("active"), default=True)

    class Meta:
        verbose_name = _("mission")
        verbose_name_plural = _("missions")
        ordering = ["code"]
        constraints = [
            models.UniqueConstraint(fields=["state", "post"], name="one_mission_per_state_and_post")
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        """The name in the active language."""
        return in_language(self.names)

    def ruleset_for(self, family: str) -> Ruleset:
        """Return the ruleset this mission applies to a rule family such as PA."""
        return Ruleset(self.rulesets.get(family, Ruleset.SEED))


class InForceQuerySet(models.QuerySet[Any]):
    """Rows that hold from a day to a day."""

    def on(self, day: date) -> InForceQuerySet:
        """Keep the rows that hold on `day`."""
        return self.filter(valid__contains=day)


class ProviderPeriod(models.Model):
    """Who ran the desk of a state at a post, from when until when."""

    class Role(models.TextChoices):
        VISA_DESK = "visa_desk", _("visa application desk")

    state = models.CharField(_("country"), max_length=2)
    post = models.SlugField(_("post"))
    role = models.CharField(_("role"), max_length=20, choices=Role.choices, default=Role.VISA_DESK)
    name = models.CharField(_("name"), max_length=100)
    valid = DateRangeField(_("valid"), help_text=_("First day included, last day excluded"))
    citation = models.CharField(_("source"), max_length=300)

    objects = InForceQuerySet.as_manager()

    class Meta:
        verbose_name = _("provider period")
        verbose_name_plural = _("provider periods")
        ordering = ["state", "post", "valid"]
        constraints = [
            ExclusionConstraint(
                name="one_provider_at_a_time",
                expressions=[
                    ("state", RangeOperators.EQUAL),
                    ("post", RangeOperators.EQUAL),
                    ("role", RangeOperators.EQUAL),
                    ("valid", RangeOperators.OVERLAPS),
                ],
            )
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.state}, {self.post})"


class MissionLanguage(models.Model):
    """A language in which a mission takes complaints, from when until when (CP-02)."""

    class Use(models.TextChoices):
        COMPLAINTS = "complaints", _("complaints")

    mission = models.ForeignKey(Mission, models.CASCADE, related_name="languages")
    use = models.CharField(_("use"), max_length=20, choices=Use.choices, default=Use.COMPLAINTS)
    language = models.CharField(_("language"), max_length=2)
    valid = DateRangeField(_("valid"), help_text=_("First day included, last day excluded"))
    citation = models.CharField(_("source"), max_length=300)

    objects = InForceQuerySet.as_manager()

    class Meta:
        verbose_name = _("language of a mission")
        verbose_name_plural = _("languages of missions")
        ordering = ["mission", "use", "language"]
        constraints = [
            ExclusionConstraint(
                name="one_row_per_mission_language_at_a_time",
                expressions=[
                    ("mission", RangeOperators.EQUAL),
                    ("use", RangeOperators.EQUAL),
                    ("language", RangeOperators.EQUAL),
                    ("valid", RangeOperators.OVERLAPS),
                ],
            )
        ]

    def __str__(self) -> str:
        return f"{self.mission_id} {self.use} {self.language}"


def provider_name(state: str, post: str, day: date) -> str:
    """Return who runs the visa desk of `state` at `post` on `day`, or "" if nobody is known.

    Rule CV-07: names of providers are data with dates, never code.
    """
    period = ProviderPeriod.objects.filter(
        state=state, post=post, role=ProviderPeriod.Role.VISA_DESK
    ).on(day)
    return period.values_list("name", flat=True).first() or ""
