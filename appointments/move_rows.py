"""The rows of a plan that is being applied, made ready for COPY: moves, and sealed messages."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import BinaryField, ExpressionWrapper, F

from applications.models import Application
from portal.dates import civil_date
from portal.missions.models import in_language
from portal.outbox.mass_rows import MassRows, Row

from .models import Appointment, Centre, MovePlan, Slot
from .move_notifications import AppointmentMoved, Moved, Place
from .rules.moves import Move, Plan
from .rules.moves.choice import choice_until

_TOLD = (
    *("pk", "reference", "version", "slot_id", "slot__starts_at", "application_id"),
    *("application__reference", "application__owner__email", "application__owner__language"),
)
# Read as they rest, and opened column by column (see `portal.outbox.mass_rows`).
_SEALED = ("given_names", "family_name", "details")
_AS_THEY_REST = [
    ExpressionWrapper(F(f"application__{name}"), output_field=BinaryField()) for name in _SEALED
]
_SEALING: list[Any] = [Application._meta.get_field(name) for name in _SEALED]
Rows = list[Row]


class Preparing:
    """Makes rows of the moves of one plan; reads each table a constant number of times a batch."""

    def __init__(self, row: MovePlan, plan: Plan, moved_at: datetime) -> None:
        self.row, self.moved_at = row, moved_at
        self._places: dict[tuple[str, str], Place] = {}
        self._choices: dict[datetime, datetime] = {}
        self._told_by = MassRows()
        self._reason = row.maintenance.reason
        self._centres = {
            centre.code: centre
            for centre in Centre.objects.filter(
                code__in={move.centre for move in plan.moves}
            ).select_related("mission")
        }

    def rows(self, moves: Sequence[Move]) -> tuple[Rows, Rows]:
        """Return rows for `moving` and for the messages; fewer than `moves` if some are gone."""
        by_id = {UUID(move.id): move for move in moves}
        minutes = dict(
            Slot.objects.filter(pk__in={move.slot for move in moves}).values_list("pk", "minutes")
        )
        booked = Appointment.objects.filter(pk__in=by_id).order_by()
        present = [
            (move, values)
            for values in booked.values_list(*_TOLD, *_AS_THEY_REST)
            if values[4] == (move := by_id[values[0]]).old and move.slot in minutes
        ]
        told = [
            self._told(move, values, opened, timedelta(minutes=minutes[move.slot]))
            for (move, values), opened in zip(present, _opened(present), strict=True)
        ]
        moving = [
            _moving(move, values, one.choice_until)
            for (move, values), one in zip(present, told, strict=True)
        ]
        news = [
            AppointmentMoved.telling(one, reason=self._reason, bulk=self.row.bulk) for one in told
        ]
        return moving, self._told_by.of(news)

    def _told(
        self, move: Move, values: tuple[Any, ...], opened: tuple[Any, ...], length: timedelta
    ) -> Moved:
        key, reference, version, _slot, _old, _application, file, email, language = values[:9]
        given, family, details = opened
        return Moved(
            appointment=key,
            reference=reference,
            version=version + 1,
            old=move.old,
            new=move.new,
            ends=move.new + length,
            moved_at=self.moved_at,
            choice_until=self._choice_until(move.new),
            application_reference=file,
            traveller=f"{given} {family}".strip(),
            email=email,
            language=language,
            phone=str(details.get("phone") or ""),
            mission_id=self.row.mission_id,
            place=self._place(move.centre, language),
        )

    def _choice_until(self, new: datetime) -> datetime:
        found = self._choices.get(new)
        if found is None:
            found = self._choices[new] = choice_until(new, self.moved_at)
        return found

    def _place(self, code: str, language: str) -> Place:
        found = self._places.get((code, language))
        if found is None:
            centre = self._centres[code]
            found = self._places[code, language] = Place(
                in_language(centre.names, language),
                in_language(centre.addresses, language),
                in_language(centre.mission.names, language),
            )
        return found


def _opened(present: Sequence[tuple[Move, tuple[Any, ...]]]) -> Iterator[tuple[Any, ...]]:
    columns = [
        [field.opened(values[place]) for _move, values in present]
        for place, field in enumerate(_SEALING, start=len(_TOLD))
    ]
    return zip(*columns, strict=True)


def _moving(move: Move, values: tuple[Any, ...], until: datetime) -> tuple[Any, ...]:
    return (
        *(values[0], values[5], values[3], move.slot, values[2]),
        *(move.minutes, move.reason, civil_date(move.new), until),
    )
