"""The list of those to call, in a browser: in French on a screen, in Arabic on a phone."""

import uuid

import pytest
from django.db import transaction
from django.urls import reverse

from portal.accounts.roles import Role
from portal.outbox import operations as outbox
from portal.outbox.models import Message
from portal.outbox.workflow import State
from tests import factories
from tests.actors import signed_in, staff
from tests.browser import DESKTOP, PHONE, assert_fits

from .sample.notifications import move

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.parametrize(("language", "size"), [("fr", DESKTOP), ("ar", PHONE)])
def test_everybody_can_read_whom_to_call(open_page, live_server, axe_clean, sample, language, size):
    mission, bulk = factories.MissionFactory(), uuid.uuid4()
    with transaction.atomic():
        outbox.enqueue_all(
            move(number, bulk=bulk, mission_id=mission.pk, context={"name": "Amina Benali"})
            for number in range(3)
        )
    Message.objects.update(state=State.BOUNCED, last_error="bounce 5.1.1")
    session = signed_in(staff(Role.AGENT, mission), "password", "mfa").cookies["sessionid"].value
    page = open_page(language=language, size=size)
    page.context.add_cookies([{"name": "sessionid", "value": session, "url": live_server.url}])
    page.goto(
        reverse("admin:outbox_unreachedmessage_changelist") + f"?bulk__exact={bulk}",
        wait_until="networkidle",
    )
    assert page.locator(".tallies tbody tr").count() == 1
    page.evaluate(
        "document.querySelectorAll('#header, #nav-sidebar, .breadcrumbs, #toolbar, .paginator,"
        " #changelist-filter').forEach(one => one.remove())"
    )
    assert_fits(page)
    axe_clean(page)
