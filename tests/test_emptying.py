from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.core.management import call_command
from django.db import connection

from applications.models import Application
from tests.emptying import empty_database
from tests.factories import ApplicationFactory


def rows_by_table() -> dict[str, int]:
    names = connection.introspection.django_table_names(only_existing=True)
    with connection.cursor() as cursor:
        counts = {}
        for name in names:
            cursor.execute(f'SELECT count(*) FROM "{name}"')
            counts[name] = cursor.fetchone()[0]
    return {name: count for name, count in counts.items() if count}


def granted() -> set[Any]:
    rights = ("permissions__content_type__model", "permissions__codename")
    return set(Group.objects.values_list("name", *rights))


@pytest.mark.django_db(transaction=True)
def test_the_quick_way_leaves_what_a_flush_leaves() -> None:
    ApplicationFactory.create(submitted=True)
    Group.objects.first().delete()
    assert Application.objects.exists()
    empty_database()
    quick = rows_by_table(), granted()
    call_command("flush", verbosity=0, interactive=False)
    assert quick == (rows_by_table(), granted())
