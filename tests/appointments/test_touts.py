"""What touts get, in a small world of `bench.touts`; docs/fairness.md has the large one."""

import pytest

from bench.touts import REGIMES, World
from tests.appointments.moves import seats_and_rows_agree
from tests.factories import CentreFactory, MissionFactory

pytestmark = pytest.mark.django_db(transaction=True)
SEATS = 8


@pytest.fixture(autouse=True)
def _counts_in_a_place_of_its_own(settings):
    """A world changes the prefix of the store with its hours; what is set here goes back."""
    settings.STORE_PREFIX = "touts"


def lived(name):
    CentreFactory(code="fr-algiers", mission=MissionFactory(code="fr-algiers", post="algiers"))
    world = World(next(one for one in REGIMES if one.name == name), SEATS).live()
    world.check()
    assert seats_and_rows_agree()
    return world


def held(world, kind=None):
    return sum(
        one.appointment is not None and (one.is_tout if kind is None else one.kind == kind)
        for one in world.people
    )


def test_at_a_fixed_hour_touts_take_all_and_resell_what_they_like():
    world = lived("first come at a fixed hour")
    assert (held(world), held(world, "honest")) == (SEATS, 0)
    buyers = [one for one in world.people if one.bought]
    assert buyers
    assert all(one.appointment for one in buyers)


def test_under_the_draw_no_resale_works_and_touts_keep_what_others_ordered_in_their_own_name():
    world = lived("draw")
    assert len(world.first_takers) >= SEATS
    assert held(world, "buyer") == 0
    assert held(world) == held(world, "ordered") <= SEATS // 4
    assert held(world, "honest") >= SEATS // 4
