"""Where to apply, at its boundaries (CO-01 to CO-09)."""

from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from applications.rules import main_destination
from applications.rules.law import LAW
from applications.rules.main_destination import ItineraryFacts, Leg, check_main_destination
from portal.rules.findings import FactError, Severity, Verdict
from portal.rules.parameters import Ruleset

ON = date(2026, 1, 10)


def legs(*parts: Any) -> tuple[Leg, ...]:
    return tuple(Leg(state=part[0], days=part[1]) for part in parts)


def ask(itinerary: tuple[Leg, ...], ruleset: Ruleset = Ruleset.SEED, **facts: Any) -> Verdict:
    given_facts = ItineraryFacts(legs=itinerary, **{"on": ON, **facts})
    return check_main_destination(given_facts, LAW.on(ON, ruleset))


def transit(state: str) -> Leg:
    return Leg(state=state, days=1, transit=True)


def trips(second: str, year: int = 2026) -> tuple[Leg, ...]:
    return (
        Leg(state="FR", days=3, trip=date(year, 1, 10)),
        Leg(state="DE", days=10, trip=date.fromisoformat(second)),
    )


BELGIUM_FRANCE = legs(("BE", 6), ("FR", 6))
TABLE: list[tuple[str, tuple[Leg, ...], dict[str, Any], list[str], str]] = [
    ("CO-01-C01", legs(("FR", 10)), {}, ["FR"], "sole"),
    ("CO-01-C01-days-unknown", legs(("FR", None)), {}, ["FR"], "sole"),
    ("CO-01-C09", (transit("DE"), *legs(("FR", 5))), {"first_entry": "DE"}, ["FR"], "sole"),
    ("CO-01-C10", legs(("GB", 10), ("FR", 3)), {}, ["FR"], "sole"),
    ("CO-02-C02", legs(("FR", 10), ("BE", 3)), {"first_entry": "BE"}, ["FR"], "longest"),
    ("CO-02-C13", legs(("FR", 3), ("BE", 5), ("FR", 4)), {}, ["FR"], "longest"),
    ("CO-03-C05", BELGIUM_FRANCE, {"first_entry": "NL", "main_purpose_state": "BE"},
     ["BE"], "purpose"),
    ("CO-03-C06", legs(("DE", 3), ("IT", 8)), {"main_purpose_state": "DE"}, ["IT"], "longest"),
    ("CO-03-C08", legs(("ES", None), ("DE", None)),
     {"first_entry": "ES", "main_purpose_state": "DE"}, ["DE"], "purpose"),
    ("CO-03-one-length-unknown", legs(("ES", 9), ("DE", None)),
     {"first_entry": "ES", "main_purpose_state": "DE"}, ["DE"], "purpose"),
    ("CO-03-purpose-outside-the-tie", legs(("BE", 6), ("FR", 6), ("DE", 2)),
     {"main_purpose_state": "DE"}, ["BE", "FR"], "equal_main_destinations"),
    ("CO-04-C03", BELGIUM_FRANCE, {"first_entry": "NL"}, ["BE", "FR"], "equal_main_destinations"),
    ("CO-04-C04", BELGIUM_FRANCE, {"first_entry": "FR"}, ["BE", "FR"], "equal_main_destinations"),
    ("CO-04-C11", legs(("IE", 9), ("BE", 2), ("FR", 2)), {"first_entry": "BE"},
     ["BE", "FR"], "equal_main_destinations"),
    ("CO-04-C12", legs(("FR", 4), ("ES", 4), ("IT", 4)), {"first_entry": "CH"},
     ["ES", "FR", "IT"], "equal_main_destinations"),
    ("CO-05-C07", legs(("ES", None), ("PT", None)), {"first_entry": "ES"}, ["ES"], "first_entry"),
    ("CO-06-C14", (transit("DE"),), {"first_entry": "DE"}, ["DE"], "transit_single"),
    ("CO-06-C15", (transit("DE"), transit("FR")), {"first_entry": "DE"}, ["DE"], "transit_first"),
    ("CO-06-first-border-crossed", (transit("DE"), transit("FR")), {"first_entry": "FR"},
     ["FR"], "transit_first"),
    ("CO-07-C16", trips("2026-02-20"), {"on": None}, ["DE"], "longest"),
    ("CO-07-exactly-two-months", trips("2026-03-10"), {"on": None}, ["DE"], "longest"),
    ("CO-07-a-day-more", trips("2026-03-11"), {"on": None}, ["FR"], "sole"),
    ("CO-08-C17", legs(("HR", 10), ("SI", 3)), {"on": date(2022, 7, 1)}, ["SI"], "sole"),
    ("CO-08-C18", legs(("HR", 10), ("SI", 3)), {"on": date(2025, 7, 1)}, ["HR"], "longest"),
    ("CO-08-C19", legs(("GB", 10)), {"first_entry": "GB"}, [], "none"),
    ("CO-08-C20", legs(("LI", 5), ("AT", 2)), {"first_entry": "CH"}, ["LI"], "longest"),
    ("CO-08-overseas-is-not-the-area", legs(("RE", 10), ("FR", 3)), {}, ["FR"], "sole"),
    ("CO-08-other-code-of-greece", legs(("el", 4), ("GR", 3), ("IT", 5)), {},
     ["GR"], "longest"),
]  # fmt: skip


@pytest.mark.parametrize("ruleset", list(Ruleset))
@pytest.mark.parametrize(
    ("itinerary", "facts", "states", "basis"),
    [row[1:] for row in TABLE],
    ids=[row[0] for row in TABLE],
)
def test_the_competent_states_and_why(
    itinerary: tuple[Leg, ...],
    facts: dict[str, Any],
    states: list[str],
    basis: str,
    ruleset: Ruleset,
) -> None:
    verdict = ask(itinerary, ruleset, **facts)
    assert (verdict.results["competent"], verdict.outcome) == (states, basis)


def test_co_03_c06_the_alternative_is_named_and_to_be_asked_for() -> None:
    verdict = ask(legs(("DE", 3), ("IT", 8)), main_purpose_state="DE")
    assert verdict.results["alternative_if_purpose_prevails"] == "DE"
    assert verdict.codes(Severity.WARNING) == ["ASK_BEFORE_BOOKING"]


def test_co_04_only_a_tied_state_of_first_entry_is_suggested() -> None:
    assert ask(BELGIUM_FRANCE, first_entry="FR").results["suggested"] == "FR"
    assert "suggested" not in ask(BELGIUM_FRANCE, first_entry="NL").results


def test_co_08_c19_no_schengen_state_is_an_error_in_the_answer() -> None:
    assert ask(legs(("GB", 10))).results["error"] == "NO_SCHENGEN_DESTINATION"


def test_co_08_c20_who_issues_for_liechtenstein_is_said() -> None:
    (finding,) = [f for f in ask(legs(("LI", 5))).findings if f.code == "REPRESENTED_BY"]
    assert finding.params == {"state": "LI", "by": "CH"}


def test_co_07_later_visits_are_named() -> None:
    verdict = ask(trips("2026-03-11"), on=None)
    (finding,) = verdict.having(Severity.WARNING)
    assert (finding.code, finding.params["later"]) == ("LATER_VISITS_APART", [date(2026, 3, 11)])


def test_co_07_membership_is_judged_on_the_day_of_each_trip() -> None:
    itinerary = (
        Leg(state="HR", days=9, trip=date(2022, 12, 20)),
        Leg(state="HR", days=2, trip=date(2023, 1, 10)),
        Leg(state="SI", days=5, trip=date(2023, 1, 10)),
    )
    assert ask(itinerary, on=None).results["competent"] == ["SI"]


@pytest.mark.parametrize(
    ("facts", "codes"),
    [
        ({"first_entry": "NL"}, {"FREE_ROUTE"}),
        ({"first_entry": "NL", "route_fits": False}, {"ROUTE_NOT_PLAUSIBLE"}),
        ({"post": "IT"}, {"WRONG_POST"}),
        ({"post": "DE", "first_entry": "DE"}, set()),
    ],
    ids=["CO-09-entry-via-nl", "CO-09-no-link", "CO-09-wrong-post", "CO-09-right-post"],
)
def test_co_09_the_route_is_free_and_nothing_blocks(facts: dict[str, Any], codes: set[str]) -> None:
    verdict = ask(legs(("DE", 5)), **facts)
    assert set(verdict.codes()) - {"COMPETENT_SOLE"} == codes
    assert verdict.codes(Severity.BLOCKING) == []


@pytest.mark.parametrize(
    ("itinerary", "facts", "field", "code"),
    [
        ((), {}, "itinerary", "REQUIRED"),
        (legs(("ZZ", 3)), {}, "itinerary.0.state", "UNKNOWN_STATE"),
        (legs(("FR", 3), ("", 3)), {}, "itinerary.1.state", "UNKNOWN_STATE"),
        (legs(("FR", 0)), {}, "itinerary.0.days", "NOT_POSITIVE"),
        (legs(("FR", -3)), {}, "itinerary.0.days", "NOT_POSITIVE"),
        (legs(("ES", None), ("PT", None)), {}, "first_entry", "REQUIRED"),
        (legs(("ES", None), ("PT", None)), {"first_entry": "GB"}, "first_entry", "NOT_SCHENGEN"),
        (legs(("FR", 3)), {"first_entry": "QQ"}, "first_entry", "UNKNOWN_STATE"),
        (legs(("FR", 3)), {"main_purpose_state": "QQ"}, "main_purpose_state", "UNKNOWN_STATE"),
        (legs(("FR", 3)), {"on": date.max}, "on", "IMPLAUSIBLE_DATE"),
        ((Leg(state="FR", trip=date.max),), {}, "itinerary.0.trip", "IMPLAUSIBLE_DATE"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_fact_that_cannot_be_judged_names_its_field(
    itinerary: tuple[Leg, ...], facts: dict[str, Any], field: str, code: str
) -> None:
    with pytest.raises(FactError) as caught:
        ask(itinerary, **facts)
    assert (caught.value.field, caught.value.code) == (field, code)


STATES = ["FR", "DE", "BE", "IT", "GB", "HR", "LI"]


@settings(deadline=None)
@given(
    st.lists(
        st.builds(
            Leg,
            state=st.sampled_from(STATES),
            days=st.none() | st.integers(1, 30),
            transit=st.booleans(),
            trip=st.none() | st.dates(date(1994, 1, 1), date(2030, 1, 1)),
        ),
        min_size=1,
        max_size=6,
    ),
    st.sampled_from(["FR", "NL"]),
    st.none() | st.sampled_from(STATES),
)
def test_whatever_the_itinerary_there_is_an_answer_or_a_named_field(
    itinerary: list[Leg], entry: str, purpose: str | None
) -> None:
    try:
        verdict = ask(tuple(itinerary), first_entry=entry, main_purpose_state=purpose)
    except FactError as error:
        named = error.field
        verdict = ask(legs(("FR", 1)))
    else:
        named = "first_entry"
    assert named == "first_entry"
    assert verdict.results["competent"] or verdict.results["error"]
    assert all(finding.citation for finding in verdict.findings)


def test_every_rule_says_its_id_its_source_and_its_boundaries() -> None:
    for rule in (*main_destination.ORDER, main_destination.plausible_route):
        text = rule.__doc__ or ""
        assert "Rule: CO-" in text
        assert "Source: " in text
        assert "Boundaries: " in text
