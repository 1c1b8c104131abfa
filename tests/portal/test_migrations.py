"""The squashed migrations say what the files say that they replace.

`python -m tests.old_path` compares whole databases, which takes a minute.
"""

import runpy
from io import StringIO
from unittest.mock import patch

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.db.migrations import RunSQL
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.db.migrations.state import ProjectState
from django.db.migrations.writer import MigrationWriter

from portal.create_tables import CreateTables
from tests.old_path import nothing_squashed

OWN_CODE = """
SELECT pg_get_functiondef(p.oid) FROM pg_proc p
  WHERE p.pronamespace = 'public'::regnamespace AND p.prokind = 'f' AND NOT EXISTS (
    SELECT 1 FROM pg_depend d WHERE d.objid = p.oid AND d.deptype = 'e')
UNION ALL SELECT pg_get_triggerdef(t.oid) FROM pg_trigger t WHERE NOT t.tgisinternal
"""


def old_loader():
    with nothing_squashed():
        return MigrationLoader(None)


def plan_of(loader, *targets):
    steps = {}
    for target in targets or loader.graph.leaf_nodes():
        steps |= dict.fromkeys(loader.graph.forwards_plan(target))
    return list(steps)


def written(loader):
    """Return each model of the last state as a file would have it, without its empty options."""
    models = loader.project_state().models.items()
    return {
        key: [
            (name, MigrationWriter.serialize(value)[0])
            for name, value in (
                *(("bases", base) for base in model.bases),
                *model.managers,
                *model.fields.items(),
                *sorted((name, value) for name, value in model.options.items() if value),
            )
        ]
        for key, model in models
    }


def own_code():
    with connection.cursor() as cursor:
        cursor.execute(OWN_CODE)
        return {code for (code,) in cursor.fetchall()}


def sql_of(loader):
    """Return the house's own statements, in the order in which they run."""
    steps = [loader.graph.nodes[key] for key in plan_of(loader)]
    operations = [operation for step in steps for operation in step.operations]
    return [operation for operation in operations if isinstance(operation, RunSQL)]


def code_made_by(loader):
    """Undo the statements of today's files, do those of the loader's, and look."""
    with transaction.atomic(), connection.cursor() as cursor:
        before = own_code()
        for operation in reversed(sql_of(MigrationLoader(None))):
            cursor.execute(operation.reverse_sql)
        assert own_code() < before
        for operation in sql_of(loader):
            cursor.execute(operation.sql)
        found = own_code()
        transaction.set_rollback(True)
    return found


def test_a_squashed_file_makes_the_same_models_with_columns_in_the_same_order():
    squashed, old = written(MigrationLoader(None)), written(old_loader())
    assert squashed.keys() == old.keys()
    for key, model in squashed.items():
        assert model == old[key], key


@pytest.mark.django_db
def test_a_squashed_file_makes_the_same_functions_and_triggers():
    assert code_made_by(MigrationLoader(None)) == code_made_by(old_loader())


def test_a_database_that_has_any_part_of_the_old_files_finishes():
    old = old_loader()
    everything = plan_of(old)
    parts = [plan_of(old, key) for key in everything]
    parts += [everything[:length] for length in range(len(everything) + 1)]
    for part in parts:
        finishes(part, everything)


def finishes(part, everything):
    applied = dict.fromkeys(part)
    with patch.object(MigrationRecorder, "applied_migrations", lambda _recorder: dict(applied)):
        executor = MigrationExecutor(connection)
        executor.loader.check_consistent_history(connection)
        plan = [
            step for step, _backwards in executor.migration_plan(executor.loader.graph.leaf_nodes())
        ]
    made = list(part)
    for step in plan:
        made += step.replaces or [(step.app_label, step.name)]
    assert sorted(made) == sorted(everything), part[-1:]


def test_the_command_writes_one_file_for_an_app_and_tells_what_it_leaves_out(tmp_path):
    (tmp_path / "migrations").mkdir()
    told = StringIO()
    with patch.object(apps.get_app_config("auth"), "path", tmp_path):
        call_command("squash", "auth", stdout=told)
    (path,) = tmp_path.glob("migrations/*.py")
    made = runpy.run_path(path)["Migration"]("0001_squashed", "auth")
    state = ProjectState()
    made.mutate_state(state, preserve=False)
    models = MigrationLoader(None).project_state().models
    assert state.models == {key: model for key, model in models.items() if key[0] == "auth"}
    assert [type(operation) for operation in made.operations] == [CreateTables]
    assert len(made.replaces) == 12
    assert made.dependencies == [("contenttypes", "__first__")]
    assert "0011_update_proxy_permissions: <RunPython" in told.getvalue()


def test_an_app_with_one_file_is_not_squashed():
    with pytest.raises(CommandError, match="nothing to squash"):
        call_command("squash", "paper")
