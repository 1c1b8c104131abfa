"""How many days do I have left? 90 in any 180 (ST)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any

from django.http import QueryDict
from django.utils.translation import get_language_bidi, gettext, ngettext
from django.utils.translation import gettext_lazy as _

from applications.forms.guidance.days import DaysForm, line_of, rows_from_address
from applications.rules.short_stay import (
    ShortStayFacts,
    check_control,
    check_plan,
    check_reentry,
    check_trip,
    counted_days,
    short_stay_verdict,
)
from applications.wording import outcomes
from applications.wording.short_stay import SHORT_STAY
from portal.display import Row
from portal.formats import long_date
from portal.forms.address import Pairs, typed_from
from portal.rules.findings import Finding, Verdict
from portal.rules.parameters import Ruleset
from portal.wording import shown

from .rows import RowsTool
from .tool import Step, today
from .window import draw_window


class DaysTool(RowsTool):
    """Count the days, and look for the next ones."""

    form_class = DaysForm
    template_name = "guidance/days.html"
    title = _("How many days do I have left?")
    lead = _(
        "On any day of a short stay, you may have been in the Schengen area for at most 90 of "
        "the last 180 days. The day of entry and the day of exit both count."
    )
    outcomes = outcomes.STAY_NOW | outcomes.STAY_TRIP
    wording = SHORT_STAY
    steps = (
        Step("guidance:visa", _("Do I need a visa?")),
        Step("guidance:where", _("Where do I apply?")),
    )

    def new_form(self) -> DaysForm:
        """Ask about today unless told otherwise."""
        return DaysForm(initial={"day": today()})

    def typed_in_address(self, address: QueryDict) -> QueryDict | None:
        """Read the stays of an address into rows, or into lines if they are many."""
        typed = typed_from(address, DaysForm.base_fields)
        if typed is None:
            return None
        rows = rows_from_address(str(address["stays"])) if address.get("stays") else []
        if len(rows) > DaysForm.most_rows:
            typed["lines"] = "\n".join(line_of(row) for row in rows)
            rows = []
        typed["stay-count"] = str(len(rows))
        for number, row in enumerate(rows):
            typed.update({f"stay-{number}-{name}": value for name, value in row.items()})
        return typed

    def facts(self, form: DaysForm) -> Pairs:
        """Return the facts that a shared address carries."""
        return form.facts()

    # --- judging ------------------------------------------------------------------------------

    def judge(self, form: DaysForm, ruleset: Ruleset) -> Verdict:
        """Put all four questions; the journey, if one is planned, is the headline."""
        given, stays = form.cleaned_data, form.stays()
        facts = ShortStayFacts(stays=stays, day=given["day"], wanted_days=given["wanted_days"])
        control = short_stay_verdict(check_control, facts, ruleset)
        if control.outcome in ("invalid_input", "unsupported"):
            return control
        plan = short_stay_verdict(check_plan, facts, ruleset)
        again = short_stay_verdict(check_reentry, facts, ruleset)
        verdicts = [control, plan, again]
        if given["trip_first"]:
            trip = replace(facts, day=given["trip_first"], until=given["trip_last"])
            verdicts.insert(0, short_stay_verdict(check_trip, trip, ruleset))
        return _together(verdicts, control, plan, again)

    def figures(self, verdict: Verdict) -> Iterable[Row]:
        """Show the numbers that differ, each by its name (ST-05)."""
        found = verdict.results
        if "control" not in found:
            return
        yield from _now(found["control"], verdict)
        if found["control"]["may_stay_until"] is None:
            yield from _enter(found["plan"], found["again"])
        wanted = found["again"]["earliest_for_wanted"]
        if wanted:
            yield Row(gettext("First day for the length you want"), long_date(wanted))
        if "trip" in found:
            yield Row(
                gettext("Most days in any window of the journey"), str(found["trip"]["peak_used"])
            )

    def beside(self, form: DaysForm, verdict: Verdict) -> dict[str, Any]:
        """Draw the window that ends with the day asked about."""
        control = verdict.results.get("control")
        if control is None:
            return {}
        day = form.cleaned_data["day"]
        over = control["first_overstay_day"]
        stays = counted_days(form.stays(), day)
        window = draw_window(control["window_start"], day, stays, over, rtl=get_language_bidi())
        return {"window": window, "used": control["days_used"]}

    # --- errors ---------------------------------------------------------------------------------

    def refuse_invalid(self, form: DaysForm, verdict: Verdict) -> None:
        """Put an error beside the stay it belongs to."""
        for finding in verdict.findings:
            item = shown(finding, self.wording)
            message = f"{item.sentence} {item.remedy}".strip()
            field = str((finding.params.get("fields") or ("",))[0])
            if finding.params.get("stay"):
                form.refuse_stay(finding.params["stay"], field, message)
            else:
                self.refuse(form, field, message)


def _together(verdicts: list[Verdict], control: Verdict, plan: Verdict, again: Verdict) -> Verdict:
    first = verdicts[0]
    results: dict[str, Any] = {
        "control": control.results,
        "plan": plan.results,
        "again": again.results,
    }
    if first is not control:
        results["trip"] = first.results
        if first.outcome == "invalid_input":
            return first
    findings: dict[str, Finding] = {}
    for verdict in (*(v for v in verdicts if v is not plan),):
        for finding in verdict.findings:
            findings.setdefault(f"{finding.code} {finding.params}", finding)
    used = {repr(row): row for verdict in verdicts for row in verdict.used}
    return replace(
        first,
        findings=tuple(findings.values()),
        results=results,
        used=tuple(used.values()),
        reference_date=control.reference_date,
    )


def _days(number: int) -> str:
    return ngettext("%(number)s day", "%(number)s days", number) % {"number": number}


def _now(control: Any, verdict: Verdict) -> Iterator[Row]:
    span = gettext("%(first)s to %(last)s") % {
        "first": long_date(control["window_start"]),
        "last": long_date(verdict.reference_date),
    }
    yield Row(gettext("The 180 days"), span)
    yield Row(gettext("Days used in this window"), _days(control["days_used"]))
    yield Row(gettext("Days left in this window"), _days(control["remaining"]))
    if control["may_stay_until"]:
        yield Row(gettext("You may stay until"), long_date(control["may_stay_until"]))
    if control["first_overstay_day"]:
        yield Row(gettext("First day too many"), long_date(control["first_overstay_day"]))
        yield Row(gettext("Days too many, one by one"), _days(control["overstay_days"]))


def _enter(plan: Any, again: Any) -> Iterator[Row]:
    if plan["entry_allowed"]:
        longest = gettext("%(days)s, until %(last)s") % {
            "days": _days(plan["max_stay_days"]),
            "last": long_date(plan["last_day"]),
        }
        yield Row(gettext("If you enter on this day, you may stay"), longest)
        return
    yield Row(gettext("You may enter again from"), long_date(again["earliest_entry"]))
    yield Row(gettext("From that day you may stay"), _days(again["max_stay_days"]))
