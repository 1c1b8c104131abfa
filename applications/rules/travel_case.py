"""One trip beside the law and the lists of its day of entry, and the form of an answer (EX)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum
from functools import cached_property
from itertools import pairwise
from typing import Any

from portal.dates import add_months, add_years
from portal.rules.findings import FactError, Finding, Severity
from portal.rules.parameters import Law, ParameterRow, Ruleset

from .memberships import Memberships, is_overseas, members
from .travel import ISSUER_MATTERS, Document, DocumentKind, TravelFacts

FRANCE = "FR"
ALGERIA = "DZ"


class Outcome(StrEnum):
    """What the traveller hears."""

    EXEMPT = "EXEMPT"
    VISA_REQUIRED = "VISA_REQUIRED"
    USE_FRENCH_DOCUMENT = "USE_FRENCH_DOCUMENT"
    NOT_READY = "NOT_READY"
    REFER = "REFER"
    REVIEW = "REVIEW"


class VisaType(StrEnum):
    """The visa to ask for."""

    SHORT_STAY = "short_stay"
    LONG_STAY = "long_stay"
    RETURN = "return"
    AIRPORT_TRANSIT = "airport_transit"


WEIGHT = {
    Outcome.EXEMPT: Severity.ADVICE,
    Outcome.VISA_REQUIRED: Severity.BLOCKING,
    Outcome.USE_FRENCH_DOCUMENT: Severity.BLOCKING,
    Outcome.NOT_READY: Severity.BLOCKING,
    Outcome.REFER: Severity.REVIEW,
    Outcome.REVIEW: Severity.REVIEW,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What one rule answers; `params` are for the sentence, `beside` are further findings."""

    outcome: Outcome
    code: str
    rule_id: str
    citation: str
    visa_type: VisaType | None = None
    params: dict[str, Any] = field(default_factory=dict)
    beside: tuple[Finding, ...] = ()


class TravelCase:
    """The facts of one trip beside the law and the lists of the day of entry."""

    def __init__(self, facts: TravelFacts, law: Law) -> None:
        self.facts = facts
        self.law = law
        self.lists = Memberships(facts.entry, law.ruleset)

    @property
    def entry(self) -> date:
        """The day of entry, on which everything is judged."""
        return self.facts.entry

    @property
    def is_current(self) -> bool:
        """Whether today's law is asked for, not the source texts alone."""
        return self.law.ruleset is Ruleset.CURRENT

    def in_area(self, state: str) -> bool:
        """Tell whether entering `state` is a question for this wizard."""
        return state == FRANCE or self.lists.is_schengen(state)

    @cached_property
    def destination(self) -> str:
        """The state entered: the destination, or the first airport of the area in transit."""
        transit, wanted = self.facts.transit, self.facts.destination
        if transit is None or self.in_area(wanted) or is_overseas(wanted):
            return wanted
        return next(filter(self.in_area, transit.airports_in), wanted)

    @property
    def to_overseas(self) -> bool:
        """Whether the trip goes to a French overseas territory."""
        return is_overseas(self.destination)

    @cached_property
    def leaves_zone(self) -> bool:
        """Whether a change of planes leaves the international zone, which makes it an entry."""
        transit = self.facts.transit
        if transit is None or transit.leaves_international_zone:
            return transit is not None
        if transit.intra_schengen_leg is not None:
            return transit.intra_schengen_leg
        return any(
            first != second and self.in_area(first) and self.in_area(second)
            for first, second in pairwise(transit.airports_in)
        )

    def is_under(self, years: int) -> bool | None:
        """Tell whether the traveller is younger on entry; None if the age was not said."""
        born = self.facts.birth_date
        return None if born is None else self.entry < add_years(born, years)

    @property
    def is_minor(self) -> bool:
        """Whether the traveller is a minor on entry; who gives no birth date is taken for adult."""
        return bool(self.is_under(self.law.value("EX-08", "adult_from")))

    @property
    def is_minor_by_birth(self) -> bool:
        """Whether the traveller is a minor; raises FactError if no birth date was said."""
        if self.facts.birth_date is None:
            raise FactError("birth_date", "REQUIRED", "this paper counts up to an age")
        return self.is_minor

    def held(self, *kinds: DocumentKind) -> Iterator[Document]:
        """Yield the papers of `kinds` that are held, valid or not, but not lost."""
        return (d for d in self.facts.documents if d.kind in kinds and not d.lost)

    def valid(self, *kinds: DocumentKind) -> Iterator[Document]:
        """Yield the papers of `kinds` that are valid on entry."""
        return (d for d in self.held(*kinds) if self.is_valid(d))

    def is_valid(self, document: Document) -> bool:
        """Tell whether a paper is valid on entry; raises FactError if its last day is not said."""
        if not document.lost and document.valid_until is None:
            field = f"{self.field_of(document)}.valid_until"
            raise FactError(field, "REQUIRED", "the last day of validity is needed")
        return document.valid_on(self.entry)

    def field_of(self, document: Document) -> str:
        """Return the path that names a paper in messages."""
        return f"documents.{self.facts.documents.index(document)}"

    def french_cards(self) -> Iterator[Document]:
        """Yield the French residence cards that are held, valid or not."""
        kinds = (DocumentKind.FR_RESIDENCE_CARD, DocumentKind.SCHENGEN_RESIDENCE_CARD)
        return (d for d in self.held(*kinds) if self.issuer_of(d) == FRANCE)

    def valid_french_card(self) -> Document | None:
        """Return a French residence card that is valid on entry."""
        return next((card for card in self.french_cards() if self.is_valid(card)), None)

    def issuer_of(self, document: Document) -> str:
        """Return the state that issued a paper; French kinds are issued by France.

        Raises FactError for a paper of any state whose issuer is not said.
        """
        if document.issuer is None and document.kind in ISSUER_MATTERS:
            field = f"{self.field_of(document)}.issuer"
            raise FactError(field, "REQUIRED", "the issuing state is needed")
        return document.issuer or FRANCE

    def returns_elsewhere_only(self, document: Document) -> bool:
        """Tell whether a DCEM only allows return to another territory than this one (EX-11)."""
        limited = members("dcem_return_only_to", self.entry, self.law.ruleset)
        if document.kind is not DocumentKind.DCEM or not limited or document.issued_in is None:
            return False
        only = self.lists.value("dcem_return_only_to", document.issued_in)
        return bool(only) and only != self.destination

    def fits(self, row: ParameterRow) -> bool:
        """Tell whether the stay is at most as long as `row` allows; an open stay is."""
        return self.facts.exit is None or self.facts.exit <= last_day(self.entry, row)


def last_day(entry: date, row: ParameterRow) -> date:
    """Return the last day of the longest stay that `row` allows from `entry` on.

    Months run to the day before the same day number (1 Jul + 3 months: 30 Sep); days count the
    day of entry (ST-02).  Source: CV-03.
    """
    end = (
        add_months(entry, row.value) if row.unit == "months" else entry + timedelta(days=row.value)
    )
    return end - timedelta(days=1)
