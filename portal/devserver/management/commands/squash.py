"""`manage.py squash APP`: write one migration that replaces all those of an app."""

from __future__ import annotations

from argparse import ArgumentParser
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.apps import apps
from django.core.management.base import BaseCommand, CommandError
from django.db import migrations
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.migration import SwappableTuple
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ModelState
from django.db.migrations.writer import MigrationWriter

from portal.create_tables import CreateTables

FOLDED = ("indexes", "constraints", "triggers")
BY_HAND = (migrations.RunSQL, migrations.RunPython)


class Command(BaseCommand):
    """Unlike `squashmigrations` this looks at the last state only, so nothing is left unfolded.

    Columns stand in the order in which the old files made them.
    """

    help = "Write a migration that replaces all those of an app, with CreateTables."
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("app", help="label of the app")

    def handle(self, *args: Any, **options: Any) -> None:
        """Write the file and say what has to be carried over by hand."""
        label = options["app"]
        # Not from a database, and from the files that are there, squashed before or not.
        loader = MigrationLoader(None, replace_migrations=True)
        names = sorted(name for app, name in loader.graph.nodes if app == label)
        if len(names) < 2:
            raise CommandError(f"{label} has nothing to squash.")
        steps = [loader.graph.nodes[label, name] for name in names]
        if any(step.replaces for step in steps):
            raise CommandError(f"Delete what {steps[0].name} replaces, and its `replaces`, first.")
        squashed = type(
            "Migration",
            (migrations.Migration,),
            {
                "initial": True,
                "replaces": [(label, name) for name in names],
                "dependencies": _dependencies(steps),
                "operations": [CreateTables(models=list(_models(loader, label)))],
            },
        )
        writer = MigrationWriter(squashed(f"0001_squashed_{names[-1]}", label))
        path = Path(apps.get_app_config(label).path, "migrations", writer.filename)
        path.write_text(writer.as_string())
        self.stdout.write(f"Wrote {path}.")
        for step in steps:
            for operation in filter(_goes_by_hand, step.operations):
                self.stdout.write(f"By hand, if a new database needs it: {step}: {operation}")


def _dependencies(steps: list[migrations.Migration]) -> list[tuple[str, str]]:
    """Return what the steps need of other apps, of each its latest one.

    By the names of the replaced files: a database that has some of them only is not to need more.
    """
    latest: dict[str, tuple[str, str]] = {}
    for step in steps:
        for needed in step.dependencies:
            if isinstance(needed, SwappableTuple):  # of which we have one
                needed = ("__setting__", "AUTH_USER_MODEL")
            if needed[0] != step.app_label:
                latest[needed[0]] = max(needed, latest.get(needed[0], needed))
    return sorted(latest.values())


def _models(loader: MigrationLoader, label: str) -> Iterator[migrations.CreateModel]:
    for (app, _name), model in loader.project_state().models.items():
        if app == label:
            yield migrations.CreateModel(
                name=model.name,
                fields=list(model.fields.items()),
                options=_options(model),
                bases=model.bases,
                managers=model.managers,
            )


def _options(model: ModelState) -> dict[str, Any]:
    """Return its options without empty lists, which only a proxy needs."""
    is_proxy = model.options.get("proxy", False)
    return {
        name: value
        for name, value in model.options.items()
        if value or is_proxy or name not in FOLDED
    }


def _goes_by_hand(operation: Operation) -> bool:
    return isinstance(operation, BY_HAND) or not operation.__module__.startswith(
        ("django.db.migrations.", "pgtrigger.", "portal.create_tables")
    )
