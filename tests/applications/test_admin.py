"""Files in the admin: found by what people have in hand, readable, and cheap to list."""

import pytest
import zeal
from django.urls import reverse
from zeal.constants import initialize_app_registry
from zeal.patch import patch

from applications import operations
from applications.models import Application
from portal.accounts.roles import Role
from portal.countries import country_name
from portal.formats import long_date
from tests.actors import applicant_client, staff_client
from tests.factories import ApplicationFactory, SlotFactory, UserFactory, booked
from tests.pages import text_of

pytestmark = pytest.mark.django_db
LIST = "admin:applications_application_changelist"


@pytest.fixture(scope="module")
def watch():
    """Let zeal see every query that is asked once per row."""
    initialize_app_registry()
    patch()
    return zeal.zeal_context


@pytest.fixture
def files():
    drafts = [ApplicationFactory(family_name=name) for name in ("Benali", "Khelifi", "بن علي")]
    return [operations.submit(application_id=one.pk, owner=one.owner) for one in drafts]


@pytest.fixture
def agent(files):
    return staff_client(Role.AGENT, files[0].mission)


@pytest.mark.parametrize(
    "searched",
    [
        lambda file: file.reference,
        lambda file: file.reference.lower().replace("-", ""),
        lambda file: f" {file.owner.email.upper()} ",
        lambda file: file.passport_number,
        lambda file: " ".join(file.passport_number),
        lambda file: "benali",
    ],
    ids=["reference", "reference as typed", "address", "passport", "passport in parts", "name"],
)
def test_a_file_is_found_by_what_people_have_in_hand(agent, files, searched):
    page = agent.get(reverse(LIST), {"q": searched(files[0])})
    assert [row.pk for row in page.context["cl"].result_list] == [files[0].pk]


@pytest.mark.parametrize("searched", ["Ben", "1000", "example.org", "%", "'; --", "😀"])
def test_parts_of_secrets_find_nobody(agent, searched):
    assert agent.get(reverse(LIST), {"q": searched}).context["cl"].result_count == 0


def test_a_nul_byte_in_the_search_breaks_nothing(agent):
    for name in ("applications_application", "applications_document", "appointments_appointment"):
        answer = agent.get(reverse(f"admin:{name}_changelist"), {"q": "A\x00B"}, follow=True)
        assert answer.status_code == 200


def checked_paper(file, kind="photo"):
    return operations.check_paper(
        application=file, kind=kind, acceptable=True, actor=UserFactory(is_staff=True)
    )


def test_papers_are_found_by_the_reference_as_it_is_typed(agent, files):
    for file in files:
        checked_paper(file)
    typed = files[0].reference.lower().replace("-", " ")
    page = agent.get(reverse("admin:applications_document_changelist"), {"q": typed})
    assert {row.application_id for row in page.context["cl"].result_list} == {files[0].pk}


def test_the_page_of_a_file_is_written_for_people(agent, files):
    page = agent.get(reverse("admin:applications_application_change", args=[files[0].pk]))
    shown = text_of(page)
    for fact in (long_date(files[0].birth_date), country_name("DZ"), files[0].owner.email):
        assert fact in shown
    assert reverse("admin:accounts_user_change", args=[files[0].owner_id]) not in shown


def test_the_verdict_on_the_passport_is_shown_with_rule_and_source(agent, files):
    draft = ApplicationFactory(blank_pages=1)
    file = operations.submit(application_id=draft.pk, owner=draft.owner)
    page = text_of(agent.get(reverse("admin:applications_application_change", args=[file.pk])))
    assert "PA-01" in page
    assert f'href="{reverse("rule_book:rule", args=["PA-01"])}"' in page


def test_a_booked_file_is_closed_through_its_appointment(agent, files):
    appointment = booked(files[0], SlotFactory())
    page = agent.get(reverse("admin:applications_application_change", args=[files[0].pk]))
    assert "/step/file/" not in page.content.decode()
    url = reverse("admin:appointments_appointment_step", args=[appointment.pk, "serve"])
    agent.post(url)
    files[0].refresh_from_db()
    assert files[0].state == "filed"


@pytest.mark.parametrize(
    "name",
    [
        "applications_application",
        "applications_document",
        "appointments_appointment",
        "appointments_slot",
        "appointments_centre",
        "outbox_message",
    ],
)
def test_no_list_asks_once_per_row(agent, files, watch, name):
    for file in files:
        booked(file, SlotFactory())
        checked_paper(file)
    agent.get("/")  # the session is in the store now
    with watch():
        page = agent.get(reverse(f"admin:{name}_changelist"))
    assert page.context["cl"].result_count >= 1


@pytest.mark.parametrize("name", ["applications:list", "appointments:list", "appointments:centres"])
def test_no_page_of_an_applicant_asks_once_per_row(watch, name):
    first = ApplicationFactory(submitted=True)
    booked(first, SlotFactory())
    for _number in range(2):
        booked(ApplicationFactory(submitted=True, owner=first.owner), SlotFactory())
        ApplicationFactory(submitted=True, owner=first.owner)
    client = applicant_client(first.owner)
    with watch():
        assert client.get(reverse(name)).status_code == 200


def test_the_watch_sees_a_query_per_row(files, watch):
    with pytest.raises(zeal.NPlusOneError), watch():
        [file.mission.name for file in Application.objects.all()]
