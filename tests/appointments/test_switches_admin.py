"""Switches of a centre, as a manager sets them."""

import pytest
from django.urls import reverse

from appointments.models import CentreSwitch
from portal.accounts.roles import Role
from tests.actors import staff_client
from tests.factories import CentreFactory
from tests.pages import text_of

pytestmark = pytest.mark.django_db

ADD = "admin:appointments_centreswitch_add"


def test_days_that_are_set_already_are_refused_in_words():
    centre = CentreFactory()
    client = staff_client(Role.CENTRE_MANAGER, centre.mission)
    typed = {"centre": centre.pk, "name": "code", "is_on": "on", "valid_0": "2027-03-01"}
    assert client.post(reverse(ADD), typed).status_code == 302
    answer = client.post(reverse(ADD), typed | {"valid_0": "2027-04-01"})
    assert "valid" in answer.context["adminform"].form.errors
    assert "one_position_of_a_switch_at_a_time" not in text_of(answer)
    assert CentreSwitch.objects.count() == 1
    # The row itself may be ended.
    row = CentreSwitch.objects.get()
    change = reverse("admin:appointments_centreswitch_change", args=[row.pk])
    assert client.post(change, typed | {"valid_1": "2027-03-05"}).status_code == 302
    # Its days end before the one that is excluded.
    assert "04/03/2027" in text_of(
        client.get(reverse("admin:appointments_centreswitch_changelist"))
    )
