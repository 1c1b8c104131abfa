import json

import pytest
from django.db import connection
from django.http import HttpResponse
from django.urls import path
from django.views.decorators.csrf import csrf_exempt

from portal.accounts.models import User


@csrf_exempt
def change(request, number):
    """Change a row as any view would, and answer with what the database was told about it."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE accounts_user SET language = language WHERE id = %s"
            " RETURNING current_setting('pghistory.context_metadata', true)",
            [number],
        )
        return HttpResponse(cursor.fetchone()[0])


urlpatterns = [path("people/<int:number>/change/", change, name="change_person")]

pytestmark = [pytest.mark.django_db, pytest.mark.urls(__name__)]


def test_a_change_is_tied_to_the_account_and_the_page_and_to_no_address(client):
    agent = User.objects.create_user("agent@example.org", is_staff=True)
    client.force_login(agent)
    answer = client.post(f"/people/{agent.pk}/change/")
    assert json.loads(answer.content) == {"user": agent.pk, "page": "change_person"}


def test_a_change_by_somebody_unknown_is_tied_to_the_page_alone(client):
    person = User.objects.create_user("a@example.org")
    answer = client.post(f"/people/{person.pk}/change/")
    assert json.loads(answer.content) == {"user": None, "page": "change_person"}


def test_a_change_remains_possible_to_ask_for_by_get_but_is_tied_to_nothing(client):
    person = User.objects.create_user("a@example.org")
    assert client.get(f"/people/{person.pk}/change/").content == b""


def test_a_page_read_by_somebody_unknown_asks_the_database_nothing(
    client, django_assert_num_queries
):
    with django_assert_num_queries(0):
        assert client.get("/nowhere/").status_code == 404
