"""Papers in a real browser: on a phone, in Arabic, without scripts, and clean for axe."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from applications.models import Document
from tests.actors import applicant_client
from tests.browser import PHONE, assert_fits, follow
from tests.portal.uploads.papers import picture

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.timeout(240),
]


@pytest.fixture
def own_page(open_page, application, live_server):
    """Open pages signed in as the traveller."""

    def open_one(*args, **options):
        page = open_page(*args, **options)
        session = applicant_client(application.owner).cookies["sessionid"].value
        page.context.add_cookies([{"name": "sessionid", "value": session, "url": live_server.url}])
        return page

    return open_one


def address(name, application, *more):
    return reverse(f"applications:{name}", args=[application.pk, *more])


@pytest.mark.parametrize(("language", "size"), [("fr", None), ("ar", PHONE)])
def test_the_checklist_and_a_paper_are_clean(own_page, application, axe_clean, language, size):
    for kind, state, reason in (
        ("photo", "not_acceptable", "Floue"),
        ("insurance", "provided", ""),
        ("work_certificate", "checked", ""),
    ):
        Document.objects.create(application=application, kind=kind, state=state, reason=reason)
    Document.objects.filter(kind="insurance").update(
        valid_from=application.arrives_on, valid_until=application.departs_on, amount=1
    )
    page = own_page(language, **({"size": size} if size else {}))
    for url in (
        address("papers", application),
        address("to_bring", application),
        address("paper", application, "photo"),
        address("paper", application, "insurance"),
    ):
        page.goto(url)
        assert_fits(page)
        axe_clean(page)


def test_a_paper_is_sent_and_removed_on_a_phone_without_scripts(own_page, application):
    page = own_page("fr", size=PHONE, javascript=False)
    page.goto(address("papers", application))
    follow(page.locator(f'main a[href="{address("paper", application, "photo")}"]'))
    photo = {"name": "صورة.pdf", "mimeType": "application/pdf", "buffer": picture()}
    page.set_input_files("input[type=file]", photo)
    follow(page.locator("form.page-form [type=submit]"))
    expect(page.locator(".paper-file")).to_have_count(1)
    assert Document.objects.get().state == "provided"
    follow(page.locator('form[action*="/remove/"] button'))
    expect(page.locator(".paper-file")).to_have_count(0)
    assert Document.objects.get().state == "expected"


def test_a_refused_file_leaves_the_amount_in_its_field(own_page, application):
    page = own_page("fr", size=PHONE)
    page.goto(address("paper", application, "insurance"))
    page.fill("input[name=amount]", "30000")
    program = {"name": "police.pdf", "mimeType": "application/pdf", "buffer": b"MZ" + bytes(500)}
    page.set_input_files("input[type=file]", program)
    follow(page.locator("form.page-form [type=submit]"))
    expect(page.locator("input[name=amount]")).to_have_value("30000")
    assert page.locator("[aria-invalid=true]").first.get_attribute("name") == "file"
    assert not Document.objects.exists()
