"""Forms with a list of rows that grows and shrinks by submit buttons, without JavaScript."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, ClassVar

from django import forms
from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext

from portal.errors import ErrorLink, error_links
from portal.forms.digits import western_digits


class RowForm(forms.Form):
    """One row; a row in which nothing was typed is passed over."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("empty_permitted", True)
        kwargs.setdefault("use_required_attribute", False)
        super().__init__(*args, **kwargs)

    @property
    def is_given(self) -> bool:
        """Whether something was typed into the row."""
        return bool(self.is_bound and self.has_changed())


class RowsForm(forms.Form):
    """A form with rows below its own fields; subclasses name the row and its bounds."""

    row_class: ClassVar[type[RowForm]]
    row_name: ClassVar[str]
    row_title: ClassVar[str | Promise]
    rows_at_first: ClassVar[int] = 1
    most_rows: ClassVar[int] = 20

    def __init__(
        self, data: Any = None, *, rows: Sequence[Any] | None = None, **kwargs: Any
    ) -> None:
        """Take what was typed, or the initial values of the rows."""
        super().__init__(data, **kwargs)
        self.rows: list[RowForm]
        if data is None:
            filled = [{}] * self.rows_at_first if rows is None else rows or [{}]
            self.rows = [self._row(n, initial=values) for n, values in enumerate(filled)]
        else:
            self.rows = [self._row(n, data=data) for n in range(self.row_count(data))]

    @classmethod
    def row_count(cls, data: Mapping[str, Any]) -> int:
        """Return how many rows were sent, within the bounds."""
        text = western_digits(str(data.get(f"{cls.row_name}-count", "")))
        return min(int(text), cls.most_rows) if text.isascii() and text.isdigit() else 0

    @classmethod
    def as_typed(cls, data: QueryDict, change: str) -> RowsForm:
        """Return the form as it was typed, unjudged, with one row more (``add``) or less."""
        bound = cls(data)
        rows = [_typed(row) for row in bound.rows]
        if change == "add" and len(rows) < cls.most_rows:
            rows.append({})
        rows = [row for number, row in enumerate(rows) if change != f"remove-{number}"]
        return cls(rows=rows, initial=_typed(bound))

    def is_valid(self) -> bool:
        """Judge the form and every row, so that all errors are shown at once."""
        return all([super().is_valid(), *(row.is_valid() for row in self.rows)])

    @property
    def given_rows(self) -> list[tuple[int, RowForm]]:
        """The rows in which something was typed, with their numbers."""
        return [(number, row) for number, row in enumerate(self.rows) if row.is_given]

    @property
    def can_grow(self) -> bool:
        """Whether another row may be added."""
        return len(self.rows) < self.most_rows

    @property
    def links(self) -> list[ErrorLink]:
        """All errors for the summary: those of the rows name their row."""
        found = error_links(self)
        for number, row in enumerate(self.rows, 1):
            title = gettext("%(row)s %(number)s") % {"row": self.row_title, "number": number}
            found += [
                ErrorLink(link.message, f"{title}: {link.label}", link.target)
                for link in error_links(row)
            ]
        return found

    def _row(self, number: int, **options: Any) -> RowForm:
        return self.row_class(prefix=f"{self.row_name}-{number}", **options)


def _typed(form: forms.Form) -> dict[str, Any]:
    """Return the raw values of a bound form by field."""
    names: Iterable[str] = form.fields
    return {
        name: form.fields[name].widget.value_from_datadict(
            form.data, form.files, form.add_prefix(name)
        )
        for name in names
    }
