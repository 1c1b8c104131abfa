"""The answers of the visa wizard read as facts; an open one says which question it is (EX)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any, cast

from portal.rules.parameters import Law

from .question_list import NO_PASSPORT, QUESTIONS, parse
from .travel import Document, DocumentKind, Passport, PassportType, Transit, TravelFacts
from .travel_case import FRANCE, TravelCase
from .visa_requirement import first_answer

Told = Mapping[str, Any]
_MAYOTTE = "YT"


class OpenQuestion(Exception):  # noqa: N818  not an error: the rules have come to a question
    """A rule has read a fact that nobody has told yet."""

    def __init__(self, question_id: str) -> None:
        super().__init__(question_id)
        self.question_id = question_id


def missing_fact(told: Told, law: Law) -> str | None:
    """Return the question whose answer the rules need next, or None if they can answer."""
    try:
        first_answer(TravelCase(cast(TravelFacts, AnsweredFacts(told)), law))
    except OpenQuestion as question:
        return question.question_id
    return None


def told_facts(told: Told) -> TravelFacts:
    """Return the facts that were told; what was never asked does not matter and stays empty."""
    facts = AnsweredFacts(told)
    trip = parse("trip", told)
    return TravelFacts(
        nationalities=facts.nationalities,
        destination=facts.destination,
        entry=facts.entry,
        exit=facts.known("exit"),
        passport=_told_passport(facts),
        documents=tuple(_told_document(facts, kind) for kind in facts.known("papers") or ()),
        birth_date=facts.known("birth_date"),
        resides_in_france=facts.known("lives_in_france"),
        proves_purpose_conditions_means=bool(facts.known("proofs")),
        transit=_told_transit(facts) if trip == "transit" else None,
    )


class AnsweredFacts:
    """TravelFacts as far as told: reading an open one raises OpenQuestion."""

    def __init__(self, told: Told) -> None:
        self.told = told

    def ask(self, question_id: str) -> Any:
        """Return a fact; raises OpenQuestion if its question has no answer."""
        if question_id not in self.told:
            raise OpenQuestion(question_id)
        return parse(question_id, self.told)

    def known(self, question_id: str) -> Any:
        """Return a fact, or None if nobody asked."""
        return parse(question_id, self.told) if question_id in self.told else None

    @property
    def nationalities(self) -> tuple[str, ...]:
        """The nationalities."""
        return cast(tuple[str, ...], self.ask("nationalities"))

    @property
    def destination(self) -> str:
        """The state or territory of destination; in transit the first airport."""
        trip = self.ask("trip")
        if trip == "france":
            return FRANCE
        if trip == "transit":
            return cast(tuple[str, ...], self.ask("airports"))[0]
        return str(self.ask("territory" if trip == "overseas" else "destination_state"))

    @property
    def entry(self) -> date:
        """The day of entry."""
        return cast(date, self.ask("entry"))

    @property
    def exit(self) -> date | None:
        """The day of departure."""
        return cast("date | None", self.ask("exit"))

    @property
    def birth_date(self) -> date:
        """The birth date."""
        return cast(date, self.ask("birth_date"))

    @property
    def lives_in_france(self) -> bool:
        """Whether the traveller lives in France."""
        return bool(self.ask("lives_in_france"))

    @property
    def proves_purpose_conditions_means(self) -> bool:
        """Whether purpose, conditions and means can be shown."""
        return bool(self.ask("proofs"))

    @property
    def passport(self) -> AnsweredPassport | None:
        """The passport, None if there is none."""
        kind = self.ask("passport_type")
        return None if kind == NO_PASSPORT else AnsweredPassport(self, PassportType(kind))

    @property
    def transit(self) -> AnsweredTransit | None:
        """The change of planes, if the trip is one."""
        return AnsweredTransit(self) if self.ask("trip") == "transit" else None

    @property
    def documents(self) -> tuple[AnsweredDocument, ...]:
        """The papers held."""
        held = self.ask("papers") or ()
        return tuple(AnsweredDocument(self, DocumentKind(kind)) for kind in held)


class AnsweredPassport:
    """A passport as far as told."""

    def __init__(self, facts: AnsweredFacts, kind: PassportType) -> None:
        self._facts = facts
        self.type = kind

    @property
    def expiry(self) -> date:
        """Its last day."""
        return cast(date, self._facts.ask("passport_expiry"))


class AnsweredTransit:
    """A change of planes as far as told; a leg inside the area is seen from the airports."""

    intra_schengen_leg = None

    def __init__(self, facts: AnsweredFacts) -> None:
        self._facts = facts

    @property
    def airports_in(self) -> tuple[str, ...]:
        """The states of the airports, in order."""
        return cast(tuple[str, ...], self._facts.ask("airports"))

    @property
    def leaves_international_zone(self) -> bool:
        """Whether the international zone is left."""
        return bool(self._facts.ask("leaves_zone"))


class AnsweredDocument:
    """A paper as far as told: each kind is asked for what matters to it."""

    valid_on = Document.valid_on

    def __init__(self, facts: AnsweredFacts, kind: DocumentKind) -> None:
        self._facts = facts
        self.kind = kind

    def __eq__(self, other: object) -> bool:
        return isinstance(other, AnsweredDocument) and self.kind is other.kind

    def __hash__(self) -> int:
        return hash(self.kind)

    def _ask(self, name: str) -> Any:
        question_id = f"{self.kind}.{name}"
        return self._facts.ask(question_id) if question_id in QUESTIONS else None

    @property
    def lost(self) -> bool:
        """Whether it was lost or stolen."""
        return bool(self._ask("lost"))

    @property
    def valid_until(self) -> date | None:
        """Its last day."""
        return cast("date | None", self._ask("valid_until"))

    @property
    def valid_from(self) -> date | None:
        """Its first day."""
        return cast("date | None", self._ask("valid_from"))

    @property
    def issuer(self) -> str | None:
        """The state that issued it."""
        return cast("str | None", self._ask("issuer"))

    @property
    def issued_in(self) -> str | None:
        """The territory where a DCEM was issued, as far as it matters."""
        return _MAYOTTE if self._ask("issued_in_mayotte") else None

    @property
    def territory(self) -> str | None:
        """The remark on the sticker."""
        return cast("str | None", self._ask("territory"))

    @property
    def multiple(self) -> bool:
        """Whether the visa is for several entries."""
        return bool(self._ask("multiple"))

    @property
    def already_used(self) -> bool:
        """Whether it was used in the issuing state before."""
        return bool(self._ask("already_used"))


def _told_passport(facts: AnsweredFacts) -> Passport | None:
    kind = facts.known("passport_type")
    if kind in (None, NO_PASSPORT):
        return None
    return Passport(type=PassportType(kind), expiry=facts.known("passport_expiry"))


def _told_transit(facts: AnsweredFacts) -> Transit:
    return Transit(
        airports_in=facts.known("airports"),
        leaves_international_zone=bool(facts.known("leaves_zone")),
    )


def _told_document(facts: AnsweredFacts, kind: str) -> Document:
    def known(name: str) -> Any:
        return facts.known(f"{kind}.{name}")

    return Document(
        kind=DocumentKind(kind),
        valid_until=known("valid_until"),
        valid_from=known("valid_from"),
        issuer=known("issuer"),
        issued_in=_MAYOTTE if known("issued_in_mayotte") else None,
        territory=known("territory"),
        lost=bool(known("lost")),
        multiple=bool(known("multiple")),
        already_used=bool(known("already_used")),
    )
