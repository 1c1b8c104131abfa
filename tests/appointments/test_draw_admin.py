"""What a manager types to announce a draw, and what the list shows of it."""

from datetime import UTC, datetime

import pytest
from django.urls import reverse

from appointments.models import Draw
from appointments.operations.draw import DrawPreview
from portal.accounts.roles import Role
from tests.actors import staff_client
from tests.appointments.draws import announced
from tests.factories import CentreFactory, SlotFactory
from tests.pages import text_of

pytestmark = pytest.mark.django_db

TYPED = {
    "service": "short_stay",
    "first_day": "2099-03-08",
    "last_day": "2099-03-10",
    "opens_at": "2099-03-01T10:00",
    "closes_at": "2099-03-03T10:00",
    "acceptance_hours": "24",
    "source": "Numbers of the lottery of 3 March",
}


def typed(centre=None, **changes):
    centre = centre or CentreFactory()
    client = staff_client(Role.CENTRE_MANAGER, centre.mission)
    return client.post(
        reverse("admin:appointments_draw_add"), {"centre": centre.pk, **TYPED, **changes}
    )


def test_the_preview_comes_before_the_announcement():
    centre = CentreFactory()
    day = datetime(2099, 3, 8, 9, tzinfo=UTC)
    SlotFactory(centre=centre, starts_at=day, capacity=5, released=4, taken=1)
    seen = typed(centre)
    assert seen.context["preview"] == DrawPreview(4, 1, 3, slots_missing=False)
    assert not Draw.objects.exists()
    assert typed(centre, announce="1").status_code == 302
    assert Draw.objects.get().source == TYPED["source"]


@pytest.mark.parametrize("button", [{}, {"announce": "1"}], ids=["preview", "announce"])
def test_days_that_run_backwards_are_refused_at_their_field(button):
    answer = typed(last_day="2099-03-07", **button)
    assert answer.status_code == 422
    assert "last_day" in answer.context["form"].errors
    assert not Draw.objects.exists()


def test_the_list_names_the_days_and_not_a_range_of_the_database():
    row = announced()
    client = staff_client(Role.CENTRE_MANAGER, row.centre.mission)
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"
    text = text_of(client.get(reverse("admin:appointments_draw_changelist")))
    assert "2027-03-09)" not in text
    assert "8 March 2027" in text
