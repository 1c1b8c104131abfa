"""What the later steps of the form ask, read back with types.

`Application.details` is an encrypted JSON object.  Its keys are the fields of `Intake`; dates are
ISO text, enums their values, `legs` and `visas` lists of objects.  One key more, `typed`, keeps
by step what somebody typed and could not send yet.  A key that is missing, that the answers so
far make pointless, or that an older version of the form wrote and nobody knows any more, reads as
not answered.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields, is_dataclass
from datetime import date
from enum import Enum
from typing import Any

from django.utils import timezone

from portal.dates import add_years, civil_date

from .enums import Consent, Entries, Lodging, Purpose, Relation, VisaClass
from .models import Application
from .rules.checklist import EarlierVisaUse
from .rules.hosting_certificate import OwnMeans
from .rules.household import is_minor
from .rules.law import LAW
from .rules.main_destination import Leg
from .rules.multiple_entry import EarlierVisa

TYPED = "typed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Intake:
    """The further answers of one application; None, "" or an empty tuple: not answered.

    `category` is one of the categories of ``checklist.toml``.  `legs` are the states of the
    journey when there are several; with none, the state applied to is the only one.  `inviter`
    is whom or what the journey is about: host, company, organiser, hospital, school.
    """

    relation: Relation | None = None  # of the traveller to the holder of the account
    # journey
    legs: tuple[Leg, ...] = ()
    first_entry: str = ""
    main_purpose_state: str = ""
    visits_relatives: bool | None = None
    inviter: str = ""
    # occupation, lodging and means
    category: str = ""
    employer: str = ""
    lodging: Lodging | None = None
    lodging_address: str = ""
    own_means: OwnMeans | None = None
    # earlier visas
    earlier_visa: EarlierVisaUse | None = None
    fingerprints_on: date | None = None
    entries: Entries | None = None
    visas: tuple[EarlierVisa, ...] = ()
    # insurance: asked for later when `insurance_from` is None
    insurance_from: date | None = None
    insurance_until: date | None = None
    insurance_amount: int | None = None  # euros
    # contact
    phone: str = ""  # E.164, such as +213551234567
    postal_address: str = ""
    # minors
    child_in_parents_passport: bool | None = None
    guardian_name: str = ""
    consent: Consent | None = None

    @property
    def has_insurance(self) -> bool:
        """Whether the policy was described."""
        return None not in (self.insurance_from, self.insurance_until, self.insurance_amount)


def intake(application: Application) -> Intake:
    """Return the further answers of `application`; what cannot be read counts as not answered."""
    stored: Mapping[str, Any] = application.details or {}
    found = {
        name: _read(name, stored[name])
        for name in NAMES
        if name in stored and is_asked(name, application)
    }
    return Intake(**{name: value for name, value in found.items() if value is not None})


def as_json(value: Any) -> Any:
    """Return an answer as it is stored in `Application.details`."""
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Enum):
        return value.value
    if is_dataclass(value):
        return {field.name: as_json(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, list | tuple):
        return [as_json(item) for item in value]
    return value


NAMES = tuple(field.name for field in fields(Intake))


def _day(value: Any) -> date | None:
    return date.fromisoformat(value) if value else None


def _leg(stored: Mapping[str, Any]) -> Leg:
    return Leg(
        state=stored["state"],
        days=stored.get("days"),
        transit=bool(stored.get("transit")),
    )


def _visa(stored: Mapping[str, Any]) -> EarlierVisa:
    return EarlierVisa(
        first_day=date.fromisoformat(stored["first_day"]),
        last_day=date.fromisoformat(stored["last_day"]),
        multiple=bool(stored.get("multiple")),
        used_lawfully=bool(stored.get("used_lawfully", True)),
    )


def _many(read: Callable[[Any], Any]) -> Callable[[Any], tuple[Any, ...]]:
    return lambda stored: tuple(read(item) for item in stored)


_READERS: dict[str, Callable[[Any], Any]] = {
    "relation": Relation,
    "legs": _many(_leg),
    "visas": _many(_visa),
    "visits_relatives": bool,
    "child_in_parents_passport": bool,
    "lodging": Lodging,
    "own_means": OwnMeans,
    "earlier_visa": EarlierVisaUse,
    "entries": Entries,
    "consent": Consent,
    "fingerprints_on": _day,
    "insurance_from": _day,
    "insurance_until": _day,
    "insurance_amount": int,
}


def _read(name: str, value: Any) -> Any:
    if value in (None, ""):
        return None
    try:
        return _READERS.get(name, str)(value)
    except (KeyError, TypeError, ValueError):
        return None


# --- which questions matter for the answers so far -------------------------------------------

_WITH_INVITER = frozenset(Purpose) - {Purpose.TOURISM, Purpose.RESIDENCE}


def is_for_minor(application: Application) -> bool:
    """Whether the traveller is a minor today; False while the birth date is not known."""
    return is_minor(application.birth_date, LAW.on(civil_date(timezone.now())))


def _is_short(application: Application) -> bool:
    return application.visa_class == VisaClass.SHORT_STAY


def _is_new(application: Application) -> bool:
    """Not a resident's way home, for which papers of a stay are pointless."""
    return application.visa_class != VisaClass.RETURN


def _has_inviter(application: Application) -> bool:
    return application.purpose in _WITH_INVITER


def _visits_family(application: Application) -> bool:
    return application.purpose == Purpose.FAMILY_VISIT


def _gives_prints(application: Application) -> bool:
    """Small children give none (DO-13)."""
    row = LAW.on(civil_date(timezone.now())).stated("DO-13", "exempt_below_age")
    born = application.birth_date
    today = civil_date(timezone.now())
    return not (row and born and today < add_years(born, row.value))


def _wants_several(application: Application) -> bool:
    return _is_short(application) and application.details.get("entries") == Entries.MULTIPLE


Condition = Callable[[Application], bool]

# A question that is not named here is asked of everybody.
ASKED: Mapping[str, Condition] = {
    "legs": _is_short,
    "first_entry": _is_short,
    "main_purpose_state": _is_short,
    "inviter": _has_inviter,
    "visits_relatives": _visits_family,
    "child_in_parents_passport": is_for_minor,
    "guardian": is_for_minor,
    "guardian_name": is_for_minor,
    "consent": is_for_minor,
    "employer": _is_new,
    "lodging": _is_new,
    "lodging_address": _is_new,
    "own_means": _is_new,
    "earlier_visa": _is_new,
    "fingerprints_on": lambda application: _is_short(application) and _gives_prints(application),
    "entries": _is_short,
    "visas": _wants_several,
    "insurance_from": _is_new,
    "insurance_until": _is_new,
    "insurance_amount": _is_new,
}
# What a file is not complete without, where it is asked.
NEEDED = (
    "category",
    "inviter",
    "lodging",
    "own_means",
    "earlier_visa",
    "guardian_name",
    "consent",
)


def is_asked(name: str, application: Application) -> bool:
    """Tell whether the question `name` matters for the answers so far."""
    condition = ASKED.get(name)
    return condition is None or condition(application)


def missing_details(application: Application) -> list[str]:
    """Return the names of the further answers that a complete file still needs."""
    found = intake(application)
    return [name for name in NEEDED if is_asked(name, application) and not getattr(found, name)]
