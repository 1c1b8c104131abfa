"""What may follow a state: a table of transitions, and the one mover that applies it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from django.db import models, router, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.audit import operations as audit
from portal.refusals import Refused

Row = TypeVar("Row", bound=models.Model)


class TransitionRefused(Refused):
    """The row is not in a state from which it could be moved so."""

    code = "transition_refused"
    message = _("This is not possible any more. The present state is: %(state)s.")
    remedy = _("Load the page again to see what can be done now.")


@dataclass(frozen=True)
class Transition:
    """One named step from any of `sources` to `target`."""

    name: str
    sources: frozenset[str]
    target: str


class Workflow:
    """The transitions of one state field."""

    def __init__(self, field: str = "state", *, transitions: Iterable[Transition]) -> None:
        self.field = field
        self.transitions = tuple(transitions)
        self._by_name = {transition.name: transition for transition in self.transitions}
        if len(self._by_name) != len(self.transitions):
            raise ValueError("two transitions have the same name")

    def names_from(self, state: str) -> list[str]:
        """Return the names of the transitions that leave `state`, in the order of the table."""
        return [one.name for one in self.transitions if state in one.sources]

    def allows(self, state: str, name: str) -> bool:
        """Tell whether `name` leaves `state`; raises LookupError for an unknown name."""
        return state in self._transition(name).sources

    def check(self, row: models.Model, name: str) -> None:
        """Raise TransitionRefused unless the state that `row` remembers allows `name`."""
        state = getattr(row, self.field)
        if not self.allows(state, name):
            raise TransitionRefused(params={"state": self._label(row, state), "name": name})

    def transition(self, name: str) -> Transition:
        """Return a transition, for a statement that moves many rows; LookupError if unknown."""
        return self._transition(name)

    def move(
        self,
        row: Row,
        name: str,
        *,
        actor: Any,
        reason: str = "",
        details: Mapping[str, Any] | None = None,
    ) -> Row:
        """Lock the row, check its present state, save the new one, and log who did it.

        `actor` is a user, or None for the system. Raises TransitionRefused when the present
        state (not the one `row` remembers) does not allow it.
        """
        transition = self._transition(name)
        source = self._locked_state(row)
        if source not in transition.sources:
            raise TransitionRefused(params={"state": self._label(row, source), "name": name})
        self._save(row, transition.target)
        audit.record(
            actor=actor,
            action=f"{row._meta.model_name}.{name}",
            subject=row,
            reason=reason,
            details={**(details or {}), "from": str(source), "to": str(transition.target)},
        )
        return row

    def faults(self, states: Iterable[str], *, start: str) -> list[str]:
        """Return what is wrong with the table: unknown states, and states nothing leads to."""
        known, used = {str(state) for state in states}, {str(start)}
        for one in self.transitions:
            used |= {str(one.target), *map(str, one.sources)}
        return [f"unknown state {state}" for state in sorted(used - known)] + [
            f"no way leads to {state}" for state in sorted(known - self._reachable(start))
        ]

    def _transition(self, name: str) -> Transition:
        if name not in self._by_name:
            raise LookupError(f"there is no transition {name!r}")
        return self._by_name[name]

    def _locked_state(self, row: models.Model) -> str:
        using = row._state.db or router.db_for_write(type(row))
        if not transaction.get_connection(using).in_atomic_block:
            raise transaction.TransactionManagementError(
                "a state is moved inside a transaction: call move() in an atomic block"
            )
        rows = type(row)._base_manager.using(using).select_for_update()
        state: str = rows.values_list(self.field, flat=True).get(pk=row.pk)
        return state

    def _save(self, row: models.Model, target: str) -> None:
        setattr(row, self.field, target)
        fields = [self.field]
        if any(field.name == "updated_at" for field in row._meta.concrete_fields):
            setattr(row, "updated_at", timezone.now())  # noqa: B010  # not every model has it
            fields.append("updated_at")
        row.save(update_fields=fields)

    def _label(self, row: models.Model, state: str) -> Any:
        choices = getattr(row._meta.get_field(self.field), "flatchoices", None) or []
        return dict(choices).get(state, state)

    def _reachable(self, start: str) -> set[str]:
        reached: set[str] = set()
        ahead = {str(start)}
        while ahead:
            reached |= ahead
            targets = {
                str(t.target) for t in self.transitions if reached & set(map(str, t.sources))
            }
            ahead = targets - reached
        return reached
