"""The page of a file in a browser: by keyboard, without JavaScript, on a phone, in Arabic."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from applications import operations
from applications.models import Application, Decision
from portal.accounts.models import User
from tests.actors import signed_in
from tests.applications.counter import agent_of, decided, examined, short_passport, submitted, today
from tests.browser import DESKTOP, PHONE, assert_fits, follow

pytestmark = [pytest.mark.django_db(transaction=True)]


@pytest.fixture
def visit(open_page, live_server):
    """Open the page of a file as a member of staff; `visit(user, application, language=…)`."""

    def go(user: User, application: Application, **options):
        page = open_page(**options)
        session = signed_in(user, "password", "mfa").cookies["sessionid"].value
        page.context.add_cookies([{"name": "sessionid", "value": session, "url": live_server.url}])
        page.goto(reverse("admin:applications_application_change", args=[application.pk]))
        return page

    return go


def own_axe(page):
    """Leave out what the frame of the admin brings: its header and its navigation."""
    page.evaluate("document.querySelectorAll('#header, #nav-sidebar').forEach(one => one.remove())")


@pytest.mark.parametrize(("language", "size"), [("fr", DESKTOP), ("ar", PHONE)])
def test_everybody_can_read_the_page_with_everything_open(visit, axe_clean, language, size):
    application, agent = examined()
    operations.write(application_id=application.pk, author=application.owner, text="Une question")
    operations.check_paper(
        application=application, kind="photo", acceptable=False, actor=agent, reason="Flou"
    )
    page = visit(agent, application, language=language, size=size)
    page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
    assert_fits(page)
    own_axe(page)
    axe_clean(page)


@pytest.mark.parametrize("state", ["urgent", "decided"])
def test_everybody_can_read_urgency_and_remedies(visit, axe_clean, state):
    if state == "urgent":
        application = submitted(**short_passport())
        agent, first = agent_of(application), agent_of(application)
        operations.propose_derogation(
            application_id=application.pk, actor=first, reason="Enterrement"
        )
    else:
        application, agent = examined()
        decided(application, agent, "refused", notified_on=today())
    page = visit(agent, application)
    page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
    own_axe(page)
    axe_clean(page)


def test_a_paper_is_refused_with_the_keyboard_alone(visit):
    application = submitted()
    page = visit(agent_of(application), application)
    page.locator("#always-photo-photo summary").focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.type("Le fond n’est pas blanc.")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    page.wait_for_url("**#always-photo-photo")
    paper = application.documents.get(kind="photo")
    assert (paper.state, paper.reason) == ("not_acceptable", "Le fond n’est pas blanc.")


def test_a_decision_is_recorded_without_javascript(visit):
    application, agent = examined()
    page = visit(agent, application, javascript=False)
    page.locator("#desk-decide > summary").click()
    page.check("#desk-decide input[value=refused]")
    day = today()
    for part, value in enumerate((day.day, day.month, day.year)):
        page.fill(f"#decide-decided_on_{part}", str(value))
    follow(page.locator("#desk-decide button"))
    expect(page.locator("[role=alert]")).not_to_have_count(0)  # no refusal without its reason
    expect(page.locator("#desk-decide input[value=refused]")).to_be_checked()
    page.fill("#decide-reason", "L’objet du voyage n’est pas établi.")
    follow(page.locator("#desk-decide button"))
    page.wait_for_url("**#decision")
    assert Decision.objects.get().outcome == "refused"
