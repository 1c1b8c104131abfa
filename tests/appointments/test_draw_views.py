"""The pages of a draw, as an applicant and anybody else meets them."""

import uuid
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from appointments.enums import RequestState
from appointments.models import Appointment, Draw, DrawRequest
from appointments.operations import cancel
from appointments.refusals import OfferOver
from tests.actors import applicant_client
from tests.appointments.draws import (
    ANNOUNCED,
    ASKED,
    DRAWN,
    accepted,
    announced,
    asked,
    closed,
    drawn,
    household,
)
from tests.appointments.releases import at
from tests.factories import SlotFactory, UserFactory, booked
from tests.pages import says

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _empty(empty_store):
    """No page of another test."""


def page(client, name, *args, moment=ASKED, data=None, query=""):
    with at(moment):
        url = reverse(f"appointments:{name}", args=args) + query
        return client.get(url) if data is None else client.post(url, data)


def test_choosing_explains_the_draw_and_leads_to_it():
    row = announced()
    (application,) = household(row)
    with at(ASKED):
        client = applicant_client(application.owner)
    text = page(client, "choose", application.pk).content.decode()
    assert reverse("appointments:draw_ask", args=[application.pk, row.pk]) in text
    text = page(client, "draw_ask", application.pk, row.pk).content.decode()
    assert application.traveller in text


def test_the_way_into_a_draw_names_everybody_who_comes_and_is_nobody_elses():
    row = announced()
    first, second = household(row, 2)
    (stranger,) = household(row)
    with at(ASKED):
        client, other = applicant_client(first.owner), applicant_client(stranger.owner)
    ask = reverse("appointments:draw_ask", args=[first.pk, row.pk])
    together = page(client, "choose", first.pk, query=f"?with={second.pk}").content.decode()
    assert f'href="{ask}?with={second.pk}"' in together
    assert f'href="{ask}"' in page(client, "choose", first.pk).content.decode()
    texts = [page(other, "choose", stranger.pk), page(Client(), "centre", row.centre.code)]
    for text in (together, *(one.content.decode() for one in texts)):
        assert str(uuid.UUID(int=0)) not in text
        assert "__WHO" not in text
    assert all(str(first.pk) not in one.content.decode() for one in texts)
    assert reverse("appointments:draw", args=[row.pk]) in texts[1].content.decode()


def test_a_family_asks_changes_its_wishes_and_withdraws():
    row = announced()
    first, second = household(row, 2)
    with at(ASKED):
        client = applicant_client(first.owner)
    answer = page(
        client,
        "draw_ask",
        first.pk,
        row.pk,
        query=f"?with={second.pk}",
        data={"part": "morning", "days": ["2027-03-07"]},
    )
    request = DrawRequest.objects.get()
    assert answer.url == reverse("appointments:draw_request", args=[request.pk])
    assert request.preferences == {"days": ["2027-03-07"], "weekdays": None, "part": "morning"}
    assert request.travellers.count() == 2
    assert request.reference in page(client, "draw_request", request.pk).content.decode()
    page(client, "draw_wishes", request.pk, data={"part": "any"})
    request.refresh_from_db()
    assert request.preferences["days"] is None
    assert page(client, "draw_withdraw", request.pk).status_code == 200
    page(client, "draw_withdraw", request.pk, data={})
    request.refresh_from_db()
    assert request.state == RequestState.WITHDRAWN
    assert not request.travellers.exists()


def test_wishes_that_nothing_meets_are_refused_and_stay_on_the_page():
    row = announced()
    (application,) = household(row)
    with at(ASKED):
        client = applicant_client(application.owner)
    answer = page(client, "draw_ask", application.pk, row.pk, data={"part": "afternoon"})
    assert answer.status_code == 422
    assert 'value="afternoon"' in answer.content.decode()
    assert not DrawRequest.objects.exists()


def test_one_click_accepts():
    row = announced()
    request = asked(row)
    drawn(row)
    with at(DRAWN):
        client = applicant_client(request.owner)
    assert page(client, "draw_accept", request.pk, moment=DRAWN).status_code == 200
    page(client, "draw_accept", request.pk, moment=DRAWN, data={})
    assert Appointment.objects.get().is_live


def test_accepting_again_after_cancelling_claims_no_appointment():
    request = asked(announced())
    drawn(request.draw)
    client = applicant_client(request.owner)
    with at(DRAWN):
        [appointment] = accepted(request)
        cancel(appointment_id=appointment.pk, owner=request.owner)
        answer = client.post(reverse("appointments:draw_accept", args=[request.pk]))
    assert answer.status_code == 409
    assert says(answer, OfferOver.message)


def test_what_is_over_is_not_told_as_what_comes_next():
    row = announced(seats=1)
    requests = [asked(row) for _number in range(5)]
    with at(ASKED):
        client = applicant_client(requests[0].owner)
    asking = page(client, "draw_request", requests[0].pk).content.decode()
    drawn(row)
    waiting = DrawRequest.objects.get(state=RequestState.WAITING)
    with at(DRAWN):
        client = applicant_client(waiting.owner)
    assert row.source in asking
    assert row.source not in page(client, "draw_request", waiting.pk, moment=DRAWN).content.decode()
    answer = page(client, "draw_wishes", waiting.pk, moment=DRAWN)
    assert answer.url == reverse("appointments:draw_request", args=[waiting.pk])


def test_whoever_waits_and_has_an_appointment_is_told_so():
    row = announced(seats=1)
    for _number in range(5):
        asked(row)
    drawn(row)
    waiting = DrawRequest.objects.get(state=RequestState.WAITING)
    with at(DRAWN):
        client = applicant_client(waiting.owner)
        before = page(client, "draw_request", waiting.pk, moment=DRAWN)
        other = SlotFactory(centre=row.centre, starts_at=DRAWN + timedelta(days=20))
        booked(waiting.travellers.get().application, other)
        after = page(client, "draw_request", waiting.pk, moment=DRAWN)
    assert [one.context["has_appointment"] for one in (before, after)] == [False, True]
    assert before.content != after.content


def test_a_stranger_learns_nothing_of_a_request():
    request = asked(announced())
    with at(ASKED):
        client = applicant_client(UserFactory())
    for name in ("draw_request", "draw_wishes", "draw_accept", "draw_withdraw"):
        assert page(client, name, request.pk).status_code == 404


@pytest.mark.parametrize("stage", ["announced", "closed", "drawn"])
def test_public_pages_tell_each_stage_and_never_the_seed_or_a_name(stage, client):
    row = announced()
    request = asked(row)
    name = request.travellers.get().application.traveller
    {"announced": lambda one: one, "closed": closed, "drawn": drawn}[stage](row)
    row = Draw.objects.get()
    moment = DRAWN if stage != "announced" else ANNOUNCED
    listed = page(client, "draws", moment=moment).content.decode()
    text = page(client, "draw", row.pk, moment=moment).content.decode()
    assert row.centre.name in listed
    assert row.commitment in text
    assert row.source in text
    assert row.seed not in text + listed
    assert name not in text + listed
    assert (row.closing_digest in text) is True
    download = page(client, "draw_transcript", row.pk, moment=moment)
    assert download.status_code == (200 if stage == "drawn" else 404)
    if stage == "drawn":
        assert name not in download.content.decode()
        assert request.reference in download.content.decode()
