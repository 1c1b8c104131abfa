"""The demonstration has something to handle, and somebody to handle it."""

from __future__ import annotations

import pytest
from django.core.management import call_command

from complaints.models import Appeal, Case, Complaint, Desk
from portal.accounts import demo
from portal.devserver.demo_cases import APPEALS, COMPLAINTS, load_cases

pytestmark = pytest.mark.django_db


def test_cases_and_desks_are_made_once():
    call_command("load_missions", verbosity=0)
    demo.load()
    assert load_cases() == len(COMPLAINTS) + len(APPEALS)
    assert load_cases() == 0
    # Every text is in one of the languages that the mission reads, and none looks like an appeal.
    assert set(Case.objects.values_list("state", flat=True)) == {"received"}
    assert Complaint.objects.count() == len(COMPLAINTS)
    assert list(Appeal.objects.values_list("number", flat=True)) == [1, 2]
    assert Desk.objects.count() == 2
