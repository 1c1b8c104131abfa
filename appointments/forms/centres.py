"""A choice of centres: two missions may call theirs alike, such as two states in one town."""

from __future__ import annotations

from typing import Any

from django import forms


def with_mission(centre: Any) -> str:
    """Name a centre, whose mission was loaded with it, so that it is no other one."""
    return f"{centre.mission.name} · {centre.name}"


class CentreField(forms.ModelChoiceField):  # type: ignore[type-arg]
    """One centre."""

    def label_from_instance(self, obj: Any) -> str:
        """Name it with its mission."""
        return with_mission(obj)


class CentresField(forms.ModelMultipleChoiceField):  # type: ignore[type-arg]
    """Several centres."""

    def label_from_instance(self, obj: Any) -> str:
        """Name each with its mission."""
        return with_mission(obj)
