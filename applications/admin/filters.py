"""What waits in the list of files."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.contrib import admin
from django.db.models import (
    DateField,
    Exists,
    ExpressionWrapper,
    F,
    Func,
    OuterRef,
    Q,
    QuerySet,
    Value,
)
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.dates import civil_date
from portal.rules.parameters import Ruleset

from ..enums import ApplicationState, VisaClass
from ..models import Derogation, FileMessage
from ..rules.law import LAW

_UNDECIDED = (
    ApplicationState.FILED,
    ApplicationState.IN_EXAMINATION,
    ApplicationState.EXTENDED,
    ApplicationState.PAPERS_ASKED,
)


def with_unread(rows: QuerySet[Any]) -> QuerySet[Any]:
    """Say of each application whether the applicant waits for an answer."""
    unread = FileMessage.objects.filter(
        application=OuterRef("pk"), from_staff=False, read_at__isnull=True
    )
    found: QuerySet[Any] = rows.annotate(has_unread=Exists(unread))
    return found


def late(rows: QuerySet[Any], today: date) -> QuerySet[Any]:
    """Keep the files that wait for a decision longer than AP-03 and AP-04 say."""
    law = LAW.on(today, Ruleset.SEED)
    days = law.value("AP-03", "decision_within")
    months = law.value("AP-04", "usually_until")
    interval = Func(Value(0), Value(months), function="make_interval")
    end = ExpressionWrapper(F("filed_on") + interval, output_field=DateField())
    short = Q(visa_class=VisaClass.SHORT_STAY, filed_on__lt=today - timedelta(days=days))
    long = ~Q(visa_class=VisaClass.SHORT_STAY) & Q(usual_end__lt=today)
    found: QuerySet[Any] = rows.alias(usual_end=end).filter(short | long, state__in=_UNDECIDED)
    return found


class ToDoFilter(admin.SimpleListFilter):
    """The files on which somebody waits for the consulate."""

    title = _("what waits")
    parameter_name = "waits"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        """Return what can be chosen."""
        return [
            ("answer", _("A message waits for an answer")),
            ("review", _("To be reviewed")),
            ("papers", _("Papers were asked for")),
            ("overdue", _("Papers asked for did not come")),
            ("second", _("A derogation waits for a second agent")),
            ("late", _("Later than expected")),
        ]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """Keep the rows of the choice."""
        today = civil_date(timezone.now())
        chosen = self.value()
        if chosen == "answer":
            return queryset.filter(has_unread=True)
        if chosen == "review":
            return queryset.exclude(review_reasons=[])
        if chosen == "papers":
            return queryset.filter(state=ApplicationState.PAPERS_ASKED)
        if chosen == "overdue":
            return queryset.filter(
                paper_requests__closed_at__isnull=True, paper_requests__due_on__lt=today
            )
        if chosen == "second":
            open_ones = Derogation.objects.filter(application=OuterRef("pk"), settled_at=None)
            return queryset.filter(Exists(open_ones))
        return late(queryset, today) if chosen == "late" else queryset
