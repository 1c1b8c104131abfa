"""The pages of a file in a real browser: every state on a phone, the conversation by keyboard."""

import pytest
from django.conf import settings
from django.urls import reverse

from applications import operations
from applications.enums import ApplicationState as State
from tests.actors import applicant_client
from tests.applications.file.states import in_state
from tests.browser import PHONE, assert_fits, follow
from tests.factories import UserFactory

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("empty_store"),
]


def signed_in(page, user, live_server):
    cookie = applicant_client(user).cookies[settings.SESSION_COOKIE_NAME]
    page.context.add_cookies(
        [{"name": settings.SESSION_COOKIE_NAME, "value": cookie.value, "url": live_server.url}]
    )
    return page


@pytest.mark.parametrize("language", ["fr", "ar"])
def test_every_state_fits_a_phone(open_page, live_server, language):
    owner = UserFactory()
    page = signed_in(open_page(language=language, size=PHONE), owner, live_server)
    for number, state in enumerate(State.values):
        application, _agent = in_state(state, owner=owner, passport_number=f"7770{number:05}")
        page.goto(reverse("applications:detail", args=[application.pk]))
        assert_fits(page)
    page.goto(reverse("applications:list"))
    assert_fits(page)


@pytest.mark.parametrize("state", ["draft", "booked", "papers_asked", "decided", "not_accepted"])
def test_the_page_of_a_file_is_accessible(open_page, axe_clean, live_server, state):
    application, _agent = in_state(state)
    page = signed_in(open_page(size=PHONE), application.owner, live_server)
    page.goto(reverse("applications:detail", args=[application.pk]))
    axe_clean(page)


def test_list_and_conversation_are_accessible(open_page, axe_clean, live_server):
    application, agent = in_state("filed")
    operations.write(application_id=application.pk, author=agent, text="x" * 300)
    page = signed_in(open_page(language="ar", size=PHONE), application.owner, live_server)
    for address in (
        reverse("applications:list"),
        reverse("applications:messages", args=[application.pk]),
    ):
        page.goto(address)
        assert_fits(page)
        axe_clean(page)


@pytest.mark.parametrize("javascript", [True, False], ids=["javascript", "plain"])
def test_a_conversation_by_keyboard(open_page, live_server, javascript):
    application, agent = in_state("in_examination")
    operations.write(application_id=application.pk, author=agent, text="Where do you live?")
    opened = open_page(language="en", javascript=javascript, size=PHONE)
    page = signed_in(opened, application.owner, live_server)
    page.goto(reverse("applications:detail", args=[application.pk]))
    follow(page.get_by_role("link", name="Read the new message"), "Enter")
    follow(page.get_by_role("button", name="I have read this"), "Enter")
    page.get_by_role("button", name="I have read this").wait_for(state="detached")
    page.locator("textarea").fill("In Oran.\nSince 2019.")
    follow(page.get_by_role("button", name="Send the message"), "Enter")
    page.get_by_text("Your message is sent.").wait_for()
    assert page.locator(".talk__text").last.inner_text() == "In Oran.\nSince 2019."
    assert application.messages.count() == 2
