import pytest
from django.db import IntegrityError, connection

from portal import constraints
from portal.missions.models import Mission
from portal.refusals import Refused

pytestmark = pytest.mark.django_db


class PostTaken(Refused):
    code = "post_taken"


def mission(code, post="oran"):
    return Mission.objects.create(code=code, state="FR", post=post, names={"en": code})


def two_missions_at_once():
    mission("algiers", post="algiers")
    mission("two")


def test_a_known_constraint_becomes_the_refusal_that_belongs_to_it():
    mission("one")
    with (
        pytest.raises(PostTaken) as caught,
        constraints.explained({"one_mission_per_state_and_post": PostTaken}),
    ):
        mission("two")
    assert isinstance(caught.value.__cause__, IntegrityError)


def test_the_refusal_may_be_made_with_its_particulars():
    mission("one")
    refusals = {"one_mission_per_state_and_post": lambda: PostTaken(params={"post": "oran"})}
    with pytest.raises(PostTaken) as caught, constraints.explained(refusals):
        mission("two")
    assert caught.value.params == {"post": "oran"}


def test_an_unknown_constraint_stays_what_it_was():
    mission("one")
    with pytest.raises(IntegrityError), constraints.explained({"another": PostTaken}):
        mission("two")


def test_the_transaction_goes_on_after_a_refusal():
    mission("one")
    with (
        pytest.raises(PostTaken),
        constraints.explained({"one_mission_per_state_and_post": PostTaken}),
    ):
        two_missions_at_once()
    assert connection.in_atomic_block
    assert list(Mission.objects.values_list("code", flat=True)) == ["one"]
