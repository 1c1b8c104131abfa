"""A quick way to empty the database after a test that commits.

Django truncates every table, which makes some five hundred new files, and then asks each app for
its content types, permissions and groups again: more than a second after each such test. Here the
few tables that have rows are emptied, and what the apps gave once is put back from a copy.
"""

from __future__ import annotations

from django.db import connection, transaction
from django.test import TransactionTestCase
from psycopg import sql

# What Django and `grant_roles` write once the tables are there.
GIVEN = [
    sql.Identifier(name)
    for name in (
        *("django_content_type", "auth_permission", "auth_group"),
        "auth_group_permissions",
    )
]
COPIES = sql.Identifier("given_rows")  # a schema of their own, where no model looks


def empty_quickly() -> None:
    """From now on empty the database in the quick way, where the role of the tests may do that."""
    if not _may_switch_triggers_off():
        return
    copies = (sql.SQL("CREATE TABLE {0}.{1} AS TABLE {1}").format(COPIES, table) for table in GIVEN)
    _run(sql.SQL("DROP SCHEMA IF EXISTS {0} CASCADE; CREATE SCHEMA {0}").format(COPIES), *copies)
    TransactionTestCase._fixture_teardown = lambda _test: empty_database()


def empty_database() -> None:
    """Leave the rows that a flush leaves, and wait, as a truncate does, for whoever still writes.

    Triggers are off meanwhile: the trail lets nobody delete, and keys would be checked row by row.
    """
    names = connection.introspection.django_table_names(only_existing=True)
    tables = {name: sql.Identifier(name) for name in sorted(set(names))}
    with transaction.atomic():
        _run(
            sql.SQL("SET LOCAL session_replication_role = replica"),
            sql.SQL("LOCK TABLE {} IN EXCLUSIVE MODE").format(sql.SQL(", ").join(tables.values())),
        )
        filled = [tables[name] for name in _filled(tables)]
        _run(
            *(sql.SQL("DELETE FROM {}").format(table) for table in filled),
            *(sql.SQL("INSERT INTO {1} TABLE {0}.{1}").format(COPIES, table) for table in GIVEN),
        )


def _filled(tables: dict[str, sql.Identifier]) -> list[str]:
    asked = (
        sql.SQL("SELECT {} WHERE EXISTS (SELECT FROM {})").format(sql.Literal(name), table)
        for name, table in tables.items()
    )
    with connection.cursor() as cursor:
        cursor.execute(sql.SQL(" UNION ALL ").join(asked).as_string(cursor.connection))
        return [name for (name,) in cursor.fetchall()]


def _run(*statements: sql.Composable) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql.SQL("; ").join(statements).as_string(cursor.connection))


def _may_switch_triggers_off() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT rolsuper FROM pg_roles WHERE rolname = current_user")
        return bool(cursor.fetchone()[0])
