"""Which state may take the application? CO-01 to CO-09.

Membership is judged on the day of travel.  The answer never blocks a booking: it names the
right posts and says what to ask before booking.  Sources: 001; Reg. (EC) 810/2009 art. 5.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum
from functools import cached_property
from typing import Any

from portal.dates import add_months
from portal.rules.findings import FactError, Finding, Severity, Verdict
from portal.rules.parameters import Law

from .memberships import Memberships
from .travel import known_state, plausible_day


class Basis(StrEnum):
    """Why a state is competent."""

    SOLE = "sole"
    LONGEST = "longest"
    PURPOSE = "purpose"
    EQUAL = "equal_main_destinations"
    FIRST_ENTRY = "first_entry"
    TRANSIT_SINGLE = "transit_single"
    TRANSIT_FIRST = "transit_first"
    NONE = "none"


@dataclass(frozen=True, slots=True, kw_only=True)
class Leg:
    """Days in one state.  `days` None: not known; `trip`: first day of the trip it is part of.

    A moving day belongs to the state where the night is spent (CO-02).
    """

    state: str
    days: int | None = None
    purpose: str = ""
    transit: bool = False
    trip: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ItineraryFacts:
    """The itinerary.  `on`: day of travel where the legs do not say; `post`: state chosen.

    `route_fits` False: the traveller cannot say what the route has to do with the purpose.
    """

    legs: tuple[Leg, ...]
    first_entry: str | None = None
    main_purpose_state: str | None = None
    on: date | None = None
    post: str | None = None
    route_fits: bool | None = None

    def checked(self) -> ItineraryFacts:
        """Return the facts with every code in its one spelling; raises FactError."""
        if not self.legs:
            raise FactError("itinerary", "REQUIRED", "at least one state is needed")
        plausible_day(self.on, "on")
        return replace(
            self,
            legs=tuple(_checked_leg(leg, f"itinerary.{i}") for i, leg in enumerate(self.legs)),
            first_entry=self.first_entry and known_state(self.first_entry, "first_entry"),
            main_purpose_state=self.main_purpose_state
            and known_state(self.main_purpose_state, "main_purpose_state"),
            post=self.post and known_state(self.post, "post"),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Competence:
    """What one rule answers: the states, why, and named values beside them."""

    states: tuple[str, ...]
    basis: Basis
    rule_id: str
    citation: str
    results: dict[str, Any] = field(default_factory=dict)


class Itinerary:
    """The legs that count: one trip, or visits taken together, in states that are members."""

    def __init__(self, facts: ItineraryFacts, law: Law) -> None:
        self.facts = facts
        self.law = law
        self._lists: dict[date, Memberships] = {}
        self.legs, self.later = _visits_together(facts, law)

    def is_member(self, state: str, day: date | None) -> bool:
        """Tell whether `state` is a Schengen state on the day of travel (CO-08)."""
        return self.lists_on(day).is_schengen(state)

    def lists_on(self, day: date | None) -> Memberships:
        """Return the lists of a day of travel; the day of the question where none was said."""
        day = day or self.facts.on or self.law.reference_date
        return self._lists.setdefault(day, Memberships(day, self.law.ruleset))

    @property
    def used_lists(self) -> tuple[Any, ...]:
        """The membership rows that were asked for."""
        return tuple(row for lists in self._lists.values() for row in lists.used)

    @cached_property
    def member_legs(self) -> tuple[Leg, ...]:
        """The legs in Schengen states."""
        return tuple(leg for leg in self.legs if self.is_member(leg.state, leg.trip))

    @cached_property
    def stays(self) -> dict[str, int | None]:
        """Days by destination, legs of one state summed; None where a length is not known."""
        days: dict[str, int | None] = {}
        for leg in self.member_legs:
            if not leg.transit:
                known = days.get(leg.state, 0)
                both = known is not None and leg.days is not None
                days[leg.state] = (known or 0) + (leg.days or 0) if both else None
        return days

    @cached_property
    def longest(self) -> tuple[str, ...]:
        """The destinations with most days; all of them if any length is not known."""
        lengths = [days for days in self.stays.values() if days is not None]
        if len(lengths) < len(self.stays):
            return tuple(sorted(self.stays))
        return tuple(sorted(state for state, days in self.stays.items() if days == max(lengths)))

    @property
    def lengths_known(self) -> bool:
        """Whether the length of every stay is known."""
        return None not in self.stays.values()

    @cached_property
    def purpose(self) -> str | None:
        """The destination named as the main purpose; one outside the area says nothing."""
        state = self.facts.main_purpose_state
        return state if state in self.stays else None


# --- the rules, in the order in which they are asked --------------------------------------------


def no_schengen_state(route: Itinerary) -> Competence | None:
    """Without a Schengen state on the day of travel no Schengen state is competent.

    Rule: CO-08
    Source: 001; Reg. (EC) 810/2009 art. 5(1)
    Boundaries: only GB → error (C19); HR in July 2022 → not counted (C17); in July 2025 →
        counted (C18); LI → counted (C20)
    """
    if route.member_legs:
        return None
    return Competence(
        states=(),
        basis=Basis.NONE,
        rule_id="CO-08",
        citation="001; Reg. (EC) 810/2009 art. 5(1)",
        results={"error": "NO_SCHENGEN_DESTINATION"},
    )


def transit_only(route: Itinerary) -> Competence | None:
    """In transit the state crossed is competent; of several, the first external border crossed.

    Rule: CO-06
    Source: Reg. (EC) 810/2009 art. 5(2)
    Boundaries: transit DE → DE (C14); DE then FR → DE (C15); transit and a stay in FR → FR (C09)
    """
    if route.stays:
        return None
    states = tuple(dict.fromkeys(leg.state for leg in route.member_legs))
    first = route.facts.first_entry
    single = len(states) == 1
    return Competence(
        states=(first if first in states else states[0],),
        basis=Basis.TRANSIT_SINGLE if single else Basis.TRANSIT_FIRST,
        rule_id="CO-06",
        citation=f"Reg. (EC) 810/2009 art. 5(2)({'a' if single else 'b'})",
    )


def sole_destination(route: Itinerary) -> Competence | None:
    """A sole destination is competent; transit and states outside the area do not count.

    Rule: CO-01
    Source: 001; Reg. (EC) 810/2009 art. 5(1)(a)
    Boundaries: FR only → FR (C01); FR and transit DE → FR (C09); FR and GB → FR (C10)
    """
    if len(route.stays) != 1:
        return None
    return Competence(
        states=tuple(route.stays),
        basis=Basis.SOLE,
        rule_id="CO-01",
        citation="001; Reg. (EC) 810/2009 art. 5(1)(a)",
    )


def longest_stay(route: Itinerary) -> Competence | None:
    """Of several destinations the one with most days is the main one.

    Rule: CO-02
    Source: 001; Reg. (EC) 810/2009 art. 5(1)(b)
    Boundaries: 10 v 3 → FR (C02); 3+4 v 5 → FR (C13); 8 v 3, purpose DE → IT with the
        alternative DE (C06, CO-03); two trips 3 and 10 → DE (C16, CO-07)
    """
    if not route.lengths_known or len(route.longest) != 1:
        return None
    return Competence(
        states=route.longest,
        basis=Basis.LONGEST,
        rule_id="CO-02",
        citation="001; Reg. (EC) 810/2009 art. 5(1)(b)",
        results=_alternative(route),
    )


def main_purpose(route: Itinerary) -> Competence | None:
    """Where lengths tie or are not known, the one main purpose that the applicant names decides.

    Rule: CO-03
    Source: 001; Reg. (EC) 810/2009 art. 5(1)(b)
    Boundaries: tie, purpose BE → BE (C05); lengths unknown, purpose DE → DE (C08); purpose in a
        state that is not among the tied ones → the tied ones, with that alternative
    """
    if route.purpose is None or route.purpose not in route.longest:
        return None
    return Competence(
        states=(route.purpose,),
        basis=Basis.PURPOSE,
        rule_id="CO-03",
        citation="001; Reg. (EC) 810/2009 art. 5(1)(b)",
    )


def equal_destinations(route: Itinerary) -> Competence | None:
    """Equal stays without one main purpose: each state may take the file, not the arrival state.

    Rule: CO-04
    Source: 001 (Belgium and France, in and out by Amsterdam)
    Boundaries: 6/6, entry NL → BE, FR (C03); 6/6, entry FR → BE, FR, suggest FR (C04); 4/4/4 →
        three states (C12)
    """
    if not route.lengths_known:
        return None
    first = route.facts.first_entry
    suggestion = {"suggested": first} if first in route.longest else {}
    return Competence(
        states=route.longest,
        basis=Basis.EQUAL,
        rule_id="CO-04",
        citation="001; Reg. (EC) 810/2009 art. 5(1)(b)",
        results=suggestion | _alternative(route),
    )


def first_entry(route: Itinerary) -> Competence:
    """Only if no main destination can be determined, the state of first entry is competent.

    Rule: CO-05
    Source: 001; Reg. (EC) 810/2009 art. 5(1)(c)
    Boundaries: unknown lengths → first entry ES (C07); unknown with a purpose → not reached
        (C08); equal lengths → not reached (C03)
    """
    state = route.facts.first_entry
    if state is None:
        raise FactError("first_entry", "REQUIRED", "lengths are unknown: where do you enter?")
    if not route.is_member(state, route.legs[0].trip):
        raise FactError("first_entry", "NOT_SCHENGEN", f"{state} is no member", value=state)
    return Competence(
        states=(state,),
        basis=Basis.FIRST_ENTRY,
        rule_id="CO-05",
        citation="001; Reg. (EC) 810/2009 art. 5(1)(c)",
    )


Rule = Callable[[Itinerary], Competence | None]

ORDER: tuple[Rule, ...] = (
    no_schengen_state,
    transit_only,
    sole_destination,
    longest_stay,
    main_purpose,
    equal_destinations,
    first_entry,
)


def check_main_destination(facts: ItineraryFacts, law: Law) -> Verdict:
    """Answer which states may take the application; the outcome is the basis.

    Results: ``competent`` (sorted), ``basis``, and where they apply ``suggested``,
    ``alternative_if_purpose_prevails``, ``error``.  Raises FactError, naming the field.
    """
    route = Itinerary(facts.checked(), law)
    answer = next(answer for rule in ORDER if (answer := rule(route)) is not None)
    return Verdict(
        outcome=answer.basis,
        findings=tuple(_findings(route, answer)),
        reference_date=law.reference_date,
        ruleset=law.ruleset,
        results={
            "competent": sorted(answer.states),
            "basis": answer.basis,
            **answer.results,
        },
        used=(*law.used, *route.used_lists),
    )


# --- what stands beside the answer --------------------------------------------------------------


def _findings(route: Itinerary, answer: Competence) -> Iterator[Finding]:
    code = f"COMPETENT_{answer.basis.upper()}" if answer.states else "NO_SCHENGEN_DESTINATION"
    weight = Severity.ADVICE if answer.states else Severity.BLOCKING
    params = {"states": sorted(answer.states)} | answer.results
    yield Finding(code, weight, answer.rule_id, answer.citation, params)
    if "alternative_if_purpose_prevails" in answer.results:
        yield Finding("ASK_BEFORE_BOOKING", Severity.WARNING, "CO-03", answer.citation, params)
    yield from _ignored(route)
    yield from _later_visits(route)
    yield from _represented(route, answer)
    yield from plausible_route(route, answer)


def plausible_route(route: Itinerary, answer: Competence) -> Iterator[Finding]:
    """The holder may enter through another state, on a route that fits the purpose.

    Rule: CO-09
    Source: 001; Reg. (EC) 810/2009 art. 18
    Boundaries: visa of DE, entry through NL → allowed; a route without a link to the purpose →
        warning; the wrong post chosen → warning, booking stays possible
    """
    entry, post = route.facts.first_entry, route.facts.post
    states = {"states": sorted(answer.states)}
    if answer.states and post is not None and post not in answer.states:
        params = states | {"post": post}
        cited = "001; Reg. (EC) 810/2009 art. 18"
        yield Finding("WRONG_POST", Severity.WARNING, "CO-09", cited, params)
    if route.facts.route_fits is False:
        yield Finding("ROUTE_NOT_PLAUSIBLE", Severity.WARNING, "CO-09", "001", states)
    elif answer.states and entry and entry not in answer.states:
        params = states | {"first_entry": entry}
        yield Finding("FREE_ROUTE", Severity.ADVICE, "CO-09", "001", params)


def _ignored(route: Itinerary) -> Iterator[Finding]:
    members = {leg.state for leg in route.member_legs}
    outside = sorted({leg.state for leg in route.legs} - members)
    if outside and members:
        yield Finding("STATES_NOT_COUNTED", Severity.ADVICE, "CO-08", "001", {"states": outside})
    named = route.facts.main_purpose_state
    if named is not None and route.purpose is None and members:
        params = {"state": named}
        yield Finding("PURPOSE_NOT_COUNTED", Severity.ADVICE, "CO-03", "001", params)


def _later_visits(route: Itinerary) -> Iterator[Finding]:
    row = route.law.row("CO-07", "visits_taken_together_within")
    if route.later and row is not None:
        params = {"limit": row.value, "unit": row.unit, "later": list(route.later)}
        yield Finding("LATER_VISITS_APART", Severity.WARNING, "CO-07", row.citation, params)


def _represented(route: Itinerary, answer: Competence) -> Iterator[Finding]:
    for state in answer.states:
        row = route.lists_on(None).row("represented_by", state)
        if row is not None and row.value:
            params = {"state": state, "by": row.value}
            yield Finding("REPRESENTED_BY", Severity.ADVICE, "CO-08", row.citation, params)


def _alternative(route: Itinerary) -> dict[str, str]:
    """Return the state of the main purpose where the length of the stay points elsewhere."""
    purpose = route.purpose
    if purpose is None or purpose in route.longest:
        return {}
    return {"alternative_if_purpose_prevails": purpose}


def _visits_together(facts: ItineraryFacts, law: Law) -> tuple[tuple[Leg, ...], tuple[date, ...]]:
    """Return the legs judged together and the first days of later trips, judged apart.

    Separate visits within two months of the first are added up; exactly two months is inside
    (CO-07).  A leg without a day of its own belongs to the trip of the leg before it.
    """
    legs = _with_trips(facts.legs)
    first = min((leg.trip for leg in legs if leg.trip), default=None)
    if first is None:
        return legs, ()
    last = add_months(first, law.value("CO-07", "visits_taken_together_within"))
    together = tuple(leg for leg in legs if leg.trip is None or leg.trip <= last)
    later = {leg.trip for leg in legs if leg.trip is not None and leg.trip > last}
    return together, tuple(sorted(later))


def _with_trips(legs: tuple[Leg, ...]) -> tuple[Leg, ...]:
    dated: list[Leg] = []
    for leg in legs:
        before = dated[-1].trip if dated else None
        dated.append(leg if leg.trip is not None else replace(leg, trip=before))
    return tuple(dated)


def _checked_leg(leg: Leg, field: str) -> Leg:
    plausible_day(leg.trip, f"{field}.trip")
    if leg.days is not None and leg.days < 1:
        raise FactError(f"{field}.days", "NOT_POSITIVE", "a stay has at least one day")
    return replace(leg, state=known_state(leg.state, f"{field}.state"))
