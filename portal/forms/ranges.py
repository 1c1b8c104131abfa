"""Two fields for a range of days or moments, each with a name of its own."""

from __future__ import annotations

from typing import Any

from django.contrib.postgres.forms import DateRangeField, RangeWidget
from django.core.exceptions import ValidationError
from django.forms import DateInput, DateTimeInput, MultiWidget
from django.utils.translation import gettext_lazy as _


class DayInput(DateInput):
    """A day, picked or typed as the browser likes it; sent as ISO text."""

    input_type = "date"


class MomentInput(DateTimeInput):
    """A moment to the minute, as the browser likes it; sent as ISO text."""

    input_type = "datetime-local"


class DayRange(RangeWidget):
    """First and last day, or the day after it: the help text of the field says which."""

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        """Make both fields; one label stands beside the two, so each has a name of its own."""
        MultiWidget.__init__(self, [DayInput(one, "%Y-%m-%d") for one in _ends()], attrs)


class DaysField(DateRangeField):
    """Days of which there is at least one: what holds on no day would be saved and never hold."""

    widget = DayRange
    default_error_messages = {
        "no_day": _(
            "This holds no day. The second field is the day after the last one, so for a single "
            "day the next day stands there."
        )
    }

    def compress(self, values: tuple[Any | None, Any | None]) -> Any:
        """Refuse a range whose two ends are one day."""
        days = super().compress(values)
        if days is not None and days.lower is not None and days.lower == days.upper:
            raise ValidationError(self.error_messages["no_day"], code="no_day")
        return days


class MomentRange(RangeWidget):
    """Two moments to the minute."""

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        """Make both fields, as `DayRange` does."""
        MultiWidget.__init__(self, [MomentInput(one, "%Y-%m-%dT%H:%M") for one in _ends()], attrs)


def _ends() -> tuple[dict[str, Any], dict[str, Any]]:
    return {"aria-label": _("From")}, {"aria-label": _("Until")}
