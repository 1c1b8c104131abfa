"""Steps with a list of rows that grows and shrinks by submit buttons."""

from __future__ import annotations

from typing import Any, ClassVar

from ...intake import intake
from ..guidance.rows import RowsForm
from .step import StepForm, typed_into

ROWS = "rows"


class RowsStepForm(RowsForm, StepForm):
    """A step whose rows are one answer, named `answer_name`; rows left empty are passed over."""

    answer_name: ClassVar[str]

    def __init__(self, data: Any = None, *, rows: Any = None, **kwargs: Any) -> None:
        kept = kwargs.get("initial", {}).pop(ROWS, None)
        super().__init__(data, rows=rows if rows is not None else kept, **kwargs)
        self.fields.pop(self.answer_name, None)
        if data is None and rows is None and kept is None:
            self._fill()

    def _fill(self) -> None:
        assert self.application is not None
        stored = getattr(intake(self.application), self.answer_name)
        shown = [self.row_class.shown(value) for value in stored]  # type: ignore[attr-defined]
        if shown:
            self.rows = [self._row(n, initial=values) for n, values in enumerate(shown)]

    def changed(self, change: str) -> RowsStepForm:
        """Return the form as it was typed, unjudged, with a row more or less."""
        rows = [typed_into(row) for row in self.rows]
        if change == "add" and len(rows) < self.most_rows:
            rows.append({})
        rows = [row for number, row in enumerate(rows) if change != f"remove-{number}"]
        initial = typed_into(self) | {"version": self.data.get("version")}
        return type(self)(rows=rows, application=self.application, initial=initial)

    def answers(self) -> dict[str, Any]:
        """Return the rows as one answer beside the others."""
        rows = tuple(row.value() for _number, row in self.given_rows)  # type: ignore[attr-defined]
        return super().answers() | {self.answer_name: rows}

    def typed(self) -> dict[str, Any]:
        """Return the rows as they were typed, too."""
        return super().typed() | {ROWS: [typed_into(row) for row in self.rows]}
