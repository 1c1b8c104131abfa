"""What the visa wizard is given: a traveller, a trip, a passport and the papers in hand (EX)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from portal.rules.findings import FactError
from portal.rules.plausible import EARLIEST, LATEST

from .memberships import CODES


class PassportType(StrEnum):
    """Kinds of passports."""

    ORDINARY = "ordinary"
    DIPLOMATIC = "diplomatic"
    SERVICE = "service"


class DocumentKind(StrEnum):
    """Papers that may stand in for a visa, or be mistaken for one that does."""

    FR_RESIDENCE_CARD = "fr_residence_card"
    RENEWAL_RECEIPT = "renewal_receipt"
    FIRST_RECEIPT = "first_receipt"
    DCEM = "dcem"
    TIR = "tir"
    VISA_D = "visa_d"
    VISA_C = "visa_c"
    SCHENGEN_RESIDENCE_CARD = "schengen_residence_card"
    SCHENGEN_RECEIPT = "schengen_receipt"


# Who holds one of these lives in France, unless the traveller says otherwise.
PAPERS_OF_RESIDENTS = frozenset(
    (
        DocumentKind.FR_RESIDENCE_CARD,
        DocumentKind.RENEWAL_RECEIPT,
        DocumentKind.FIRST_RECEIPT,
        DocumentKind.DCEM,
        DocumentKind.TIR,
    )
)
ISSUER_MATTERS = frozenset((DocumentKind.SCHENGEN_RESIDENCE_CARD, DocumentKind.VISA_C))


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """A paper held.  Both ends of its validity are included; `lost` covers theft.

    `issuer` is the state that issued it; `issued_in` the territory where a DCEM was issued;
    `territory` the remark on a visa sticker; `already_used` whether a visa for several entries
    was used in the issuing state before.
    """

    kind: DocumentKind
    valid_until: date | None = None
    valid_from: date | None = None
    issuer: str | None = None
    issued_in: str | None = None
    territory: str | None = None
    lost: bool = False
    multiple: bool = False
    already_used: bool = False

    def valid_on(self, day: date) -> bool:
        """Tell whether the paper can be shown and is valid on `day` (CV-04)."""
        return (
            not self.lost
            and self.valid_until is not None
            and (self.valid_from is None or self.valid_from <= day)
            and day <= self.valid_until
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Passport:
    """The passport carried: `expiry` is its last day, None if there is none to show."""

    type: PassportType = PassportType.ORDINARY
    expiry: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Transit:
    """A change of planes: the states of the airports in order, and whether the zone is left.

    `intra_schengen_leg` None means that nobody said: two airports of different Schengen states
    in a row make one.
    """

    airports_in: tuple[str, ...]
    leaves_international_zone: bool = False
    intra_schengen_leg: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TravelFacts:
    """One traveller and one trip.  `exit` None: not known or open; `birth_date` None: not said."""

    nationalities: tuple[str, ...]
    destination: str
    entry: date
    exit: date | None = None
    passport: Passport | None = None
    documents: tuple[Document, ...] = ()
    birth_date: date | None = None
    resides_in_france: bool | None = None
    proves_purpose_conditions_means: bool = False
    transit: Transit | None = None

    @property
    def lives_in_france(self) -> bool:
        """Whether the traveller lives in France: as said, else as the papers suggest."""
        if self.resides_in_france is not None:
            return self.resides_in_france
        return any(document.kind in PAPERS_OF_RESIDENTS for document in self.documents)

    def checked(self) -> TravelFacts:
        """Return the facts with every code in its one spelling.

        Raises FactError, naming the field, for facts that no rule could judge.
        """
        _check_dates(self)
        if not self.nationalities:
            raise FactError("nationalities", "REQUIRED", "at least one nationality is needed")
        return replace(
            self,
            nationalities=_known_states(self.nationalities, "nationalities", people=True),
            destination=known_state(self.destination, "destination"),
            documents=tuple(
                _checked_document(document, f"documents.{index}")
                for index, document in enumerate(self.documents)
            ),
            transit=self.transit and _checked_transit(self.transit),
        )


def known_state(code: str, field: str, *, people: bool = False) -> str:
    """Return `code` in its one spelling; raises FactError for a state that does not exist.

    `people` also allows the codes of persons without a state (XXA …).
    """
    normal = CODES.normal(code)
    if normal is None or (normal in CODES.without_state and not people):
        raise FactError(field, "UNKNOWN_STATE", f"no state has the code {code!r}", value=code)
    return normal


def plausible_day(day: date | None, field: str) -> None:
    """Raise FactError for a day that leaves no room to add months to."""
    if day is not None and not EARLIEST <= day <= LATEST:
        raise FactError(field, "IMPLAUSIBLE_DATE", f"{day} is out of reach", value=day.isoformat())


def _known_states(codes: tuple[str, ...], field: str, *, people: bool = False) -> tuple[str, ...]:
    return tuple(
        known_state(code, f"{field}.{index}", people=people) for index, code in enumerate(codes)
    )


def _checked_transit(transit: Transit) -> Transit:
    if not transit.airports_in:
        raise FactError("transit.airports_in", "REQUIRED", "at least one airport is needed")
    return replace(transit, airports_in=_known_states(transit.airports_in, "transit.airports_in"))


def _check_dates(facts: TravelFacts) -> None:
    plausible_day(facts.entry, "entry")
    plausible_day(facts.exit, "exit")
    plausible_day(facts.birth_date, "birth_date")
    if facts.exit is not None and facts.exit < facts.entry:
        raise FactError("exit", "BEFORE_ENTRY", "the exit is before the entry")
    if facts.birth_date is not None and facts.birth_date > facts.entry:
        raise FactError("birth_date", "AFTER_ENTRY", "born after the entry")


def _checked_document(document: Document, field: str) -> Document:
    _check_validity(document, field)
    return replace(
        document,
        issuer=document.issuer and known_state(document.issuer, f"{field}.issuer"),
        issued_in=document.issued_in and known_state(document.issued_in, f"{field}.issued_in"),
    )


def _check_validity(document: Document, field: str) -> None:
    first, last = document.valid_from, document.valid_until
    plausible_day(first, f"{field}.valid_from")
    if first is not None and last is not None and last < first:
        raise FactError(f"{field}.valid_until", "BEFORE_START", "it ends before it starts")
