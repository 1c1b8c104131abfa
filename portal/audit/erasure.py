"""Erasure that reaches history: what the database remembered of changed rows (DP-05)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import pgtrigger
from django.apps import apps
from django.db import models, transaction
from pghistory.models import Event


@transaction.atomic
def erase_history(model: type[models.Model], keys: Iterable[Any]) -> int:
    """Delete what history holds of the rows of `model` with these keys; returns how many."""
    wanted, erased = list(keys), 0
    for event in _events():
        if event.pgh_tracked_model is model:
            with pgtrigger.ignore(f"{event._meta.label}:append_only"):
                erased += event._base_manager.filter(pgh_obj_id__in=wanted).delete()[0]
    return erased


@transaction.atomic
def forget_actor(user_id: int) -> int:
    """Cut the account's number out of the history of what stays; returns how many rows."""
    changed = 0
    for event in _events():
        with pgtrigger.ignore(f"{event._meta.label}:append_only"):
            rows = event._base_manager.filter(pgh_context__user=user_id)
            changed += rows.update(pgh_context=None)
    return changed


def _events() -> Iterator[Any]:
    for model in apps.get_models():
        if issubclass(model, Event) and model.pgh_tracked_model is not None:
            yield model
