"""Where do I apply? The state of the main destination (CO)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from applications.forms.guidance.where import WhereForm, rows_from_address
from applications.rules.law import LAW
from applications.rules.main_destination import check_main_destination
from applications.wording import outcomes
from applications.wording.main_destination import MAIN_DESTINATION
from applications.wording.words import COUNTRY
from portal.display import Row
from portal.forms.address import Pairs, typed_from
from portal.missions.models import Mission
from portal.rules.findings import Verdict
from portal.rules.parameters import Ruleset

from .rows import RowsTool
from .tool import Step, Text, today


class WhereTool(RowsTool):
    """Name every state that may take the application, and why."""

    form_class = WhereForm
    template_name = "guidance/where.html"
    title = _("Where do I apply?")
    lead = _(
        "One Schengen state is responsible for your journey: as a rule the one where you stay "
        "longest."
    )
    outcomes = outcomes.MAIN_DESTINATION
    wording = MAIN_DESTINATION
    steps = (
        Step("applications:start", _("Start my application"), unless=("none",)),
        Step("guidance:papers", _("Which papers do I need?")),
    )

    def new_form(self) -> WhereForm:
        """Begin with two countries."""
        return WhereForm(initial={"on": today()})

    def typed_in_address(self, address: QueryDict) -> QueryDict | None:
        """Read the itinerary of an address into rows."""
        typed = typed_from(address, WhereForm.base_fields)
        if typed is None:
            return None
        rows = rows_from_address(str(address["legs"])) if address.get("legs") else []
        typed["leg-count"] = str(len(rows))
        for number, row in enumerate(rows):
            typed.update({f"leg-{number}-{name}": value for name, value in row.items()})
        return typed

    def facts(self, form: WhereForm) -> Pairs:
        """Return the facts that a shared address carries."""
        return form.pairs()

    def judge(self, form: WhereForm, ruleset: Ruleset) -> Verdict:
        """Ask by the law of the day of travel."""
        facts = form.facts()
        day = facts.on or next((leg.trip for leg in facts.legs if leg.trip), None) or today()
        return check_main_destination(facts, LAW.on(day, ruleset))

    def figures(self, verdict: Verdict) -> Iterable[Row]:
        """Name the states, and the posts of theirs that take applications here."""
        found = verdict.results
        states = [str(state) for state in found.get("competent", ())]
        if states:
            yield Row(gettext("Responsible"), _names(states))
        if found.get("suggested"):
            yield Row(
                gettext("Suggested, because you enter there"), str(COUNTRY(found["suggested"]))
            )

    def beside(self, form: WhereForm, verdict: Verdict) -> dict[str, Any]:
        """Name the posts on this site."""
        states = [str(state) for state in verdict.results.get("competent", ())]
        return {"missions": list(Mission.objects.filter(is_active=True, state__in=states))}

    def refuse(self, form: WhereForm, fact: str, message: Text) -> None:
        """Put an error of leg n beside its row."""
        place, _dot, rest = fact.partition(".")
        number, _dot, name = rest.partition(".")
        if place != "itinerary":
            super().refuse(form, fact, message)
        elif number.isdigit():
            row = form.given_rows[int(number)][1]
            row.add_error(name if name in row.fields else None, str(message))
        else:
            form.rows[0].add_error("state", gettext("Name at least one country."))


def _names(states: list[str]) -> str:
    return gettext(", ").join(str(COUNTRY(state)) for state in states)
