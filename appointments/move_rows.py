"""The rows of a plan that is being applied, made ready for COPY: moves, and sealed messages."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from portal.dates import civil_date
from portal.missions.models import in_language
from portal.outbox.mass_rows import MassRows, Row

from .models import Appointment, Centre, MovePlan, Slot
from .move_notifications import AppointmentMoved, Moved, Place
from .rules.moves import Move, Plan
from .rules.moves.choice import choice_until

_TOLD = (
    *("pk", "reference", "version", "slot_id", "slot__starts_at", "application_id"),
    *("application__reference", "application__given_names", "application__family_name"),
    *("application__details", "application__owner__email", "application__owner__language"),
)
Rows = list[Row]


class Preparing:
    """Makes rows of the moves of one plan; reads each table a constant number of times a batch."""

    def __init__(self, row: MovePlan, plan: Plan, moved_at: datetime) -> None:
        self.row, self.moved_at = row, moved_at
        self._places: dict[tuple[str, str], Place] = {}
        self._told_by = MassRows()
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
        moving: Rows = []
        messages: Rows = []
        for values in Appointment.objects.filter(pk__in=by_id).values_list(*_TOLD):
            move = by_id[values[0]]
            if values[4] != move.old or move.slot not in minutes:
                continue
            told = self._told(move, values, timedelta(minutes=minutes[move.slot]))
            moving.append(_moving(move, values, told.choice_until))
            messages += self._messages(told)
        return moving, messages

    def _told(self, move: Move, values: tuple[Any, ...], length: timedelta) -> Moved:
        key, reference, version, _slot, _old, _application, file, given, family = values[:9]
        details, email, language = values[9:]
        return Moved(
            appointment=key,
            reference=reference,
            version=version + 1,
            old=move.old,
            new=move.new,
            ends=move.new + length,
            moved_at=self.moved_at,
            choice_until=choice_until(move.new, self.moved_at),
            application_reference=file,
            traveller=f"{given} {family}".strip(),
            email=email,
            language=language,
            phone=str(details.get("phone") or ""),
            mission_id=self.row.mission_id,
            place=self._place(move.centre, language),
        )

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

    def _messages(self, told: Moved) -> Rows:
        reason = self.row.maintenance.reason
        news = AppointmentMoved.telling(told, reason=reason, bulk=self.row.bulk)
        return self._told_by.of(news)


def _moving(move: Move, values: tuple[Any, ...], until: datetime) -> tuple[Any, ...]:
    return (
        *(values[0], values[5], values[3], move.slot, values[2]),
        *(move.minutes, move.reason, civil_date(move.new), until),
    )
