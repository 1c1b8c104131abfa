"""The pages of papers: bad files are refused in the reader's words, and nothing else is lost."""

import secrets
import uuid
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override

from applications import operations
from applications.models import Application, Document
from applications.refusals import PaperChangedElsewhere
from applications.rules.checklist_table import CHECKLIST
from portal.dates import civil_date
from portal.uploads.models import StoredFile
from portal.uploads.refusals import FILE_REFUSALS
from portal.uploads.settling import settle
from tests.actors import applicant_client
from tests.factories import ApplicationFactory, UserFactory
from tests.pages import held_by_form, says, text_of, typed_date
from tests.portal.uploads.papers import pdf, picture, png_of

pytestmark = pytest.mark.django_db
LANGUAGES = ["fr", "ar"]


@pytest.fixture
def client(application):
    return applicant_client(application.owner)


def page(name, application, *more):
    return reverse(f"applications:{name}", args=[application.pk, *more])


def spoken(client, language):
    client.cookies["guichet_language"] = language
    return client


def upload(content, name="paper.pdf"):
    return SimpleUploadedFile(name, content, content_type="application/pdf")


def insurance_says(**more):
    today = civil_date(timezone.now())
    return {
        **typed_date("valid_from", today),
        **typed_date("valid_until", today + timedelta(days=90)),
        "amount": "30000",
        "version": "0",
        **more,
    }


def locked_pdf():
    return pdf(encryption=__import__("pikepdf").Encryption(owner="o", user="secret"))


def zip_bomb():
    return b"PK\x03\x04" + bytes(4000)


BAD = [
    pytest.param("program", b"MZ" + bytes(600), id="a program called .pdf"),
    pytest.param("archive", zip_bomb(), id="an archive"),
    pytest.param("empty", b"", id="nothing"),
    pytest.param("unknown_content", secrets.token_bytes(3000), id="noise"),
    pytest.param("too_many_pixels", png_of(20_000, 10_000), id="200 megapixels"),
    pytest.param("locked", locked_pdf(), id="a PDF with a password"),
]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(("code", "content"), BAD)
def test_a_bad_file_is_refused_and_the_rest_is_kept(client, application, language, code, content):
    answer = spoken(client, language).post(
        page("paper", application, "insurance"), insurance_says(file=upload(content))
    )
    assert answer.status_code == 422
    if code == "empty":  # Django's own field says so
        assert answer.context["form"].errors["file"]
    else:
        refusal = FILE_REFUSALS[code]()
        assert says(answer, refusal.message, language)
        assert says(answer, refusal.remedy, language)
    held = held_by_form(answer)
    assert held["amount"] == ["30000"]
    assert held["valid_until_year"] == [str((civil_date(timezone.now()) + timedelta(90)).year)]
    assert not StoredFile.objects.exists()
    assert not Document.objects.filter(state="provided").exists()


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_file_too_big_is_refused(client, application, settings, language):
    settings.UPLOAD_MAX_BYTES = 2000
    answer = spoken(client, language).post(
        page("paper", application, "photo"), {"file": upload(picture(size=(900, 900)))}
    )
    assert answer.status_code == 422
    assert says(answer, FILE_REFUSALS["too_big"]().message, language)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_scan_of_sixty_pages_is_refused_once_it_is_looked_at(client, application, language):
    client.post(page("paper", application, "photo"), {"file": upload(pdf(60)), "version": "0"})
    settle(StoredFile.objects.get().pk)
    answer = spoken(client, language).get(page("paper", application, "photo"))
    refusal = FILE_REFUSALS["too_many_pages"]()
    assert says(answer, refusal.message, language)
    assert says(answer, refusal.remedy, language)
    overview = client.get(page("papers", application))
    assert says(overview, refusal.message, language)
    assert overview.context["checklist"].papers["photo"].state == "missing"


def test_the_name_of_a_file_is_only_shown(client, application):
    name = "جواز السفر/../../etc/<b>passwd.pdf"
    client.post(page("paper", application, "photo"), {"file": upload(pdf(), name), "version": "0"})
    answer = client.get(page("paper", application, "photo"))
    assert answer.status_code == 200
    assert "<b>passwd" not in answer.content.decode()
    assert ".." not in StoredFile.objects.get().original_name


@pytest.mark.parametrize("language", LANGUAGES)
def test_statements_issued_tomorrow_are_refused(client, application, language):
    application.mission.rulesets = {"DO": "current"}
    application.mission.save()
    tomorrow = civil_date(timezone.now()) + timedelta(days=1)
    answer = spoken(client, language).post(
        page("paper", application, "bank_statements"),
        {**typed_date("issued_on", tomorrow), "version": "0"},
    )
    assert answer.status_code == 422
    message = answer.context["form"].fields["issued_on"].error_messages["day_future"]
    assert says(answer, message, language)
    assert held_by_form(answer)["issued_on_day"] == [str(tomorrow.day)]


def test_a_good_file_is_kept_though_another_answer_is_wrong(client, application):
    """No browser sends a file twice by itself."""
    answer = client.post(
        page("paper", application, "insurance"),
        insurance_says(file=upload(pdf()), amount="a lot"),
    )
    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == ["amount"]
    assert held_by_form(answer)["amount"] == ["a lot"]
    assert StoredFile.objects.count() == 1
    document = Document.objects.get(kind="insurance")
    again = client.post(
        page("paper", application, "insurance"), insurance_says(version=str(document.version))
    )
    assert again.status_code == 302
    document.refresh_from_db()
    assert (document.amount, StoredFile.objects.count()) == (30_000, 1)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_second_window_is_told_and_keeps_what_was_typed(client, application, language):
    url = page("paper", application, "insurance")
    assert client.post(url, insurance_says(file=upload(pdf(1)))).status_code == 302
    answer = spoken(client, language).post(url, insurance_says(file=upload(pdf(2)), amount="45000"))
    assert answer.status_code == 422
    assert says(answer, PaperChangedElsewhere.message, language)
    assert held_by_form(answer)["amount"] == ["45000"]
    assert StoredFile.objects.count() == 1
    version = Document.objects.get(kind="insurance").version
    assert held_by_form(answer)["version"] == [str(version)]


def test_sending_nothing_asks_for_a_file(client, application):
    answer = client.post(page("paper", application, "photo"), {"version": "0"})
    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == ["file"]


@pytest.mark.parametrize("amount", ["30 000", "30.000 €", "٣٠٠٠٠", "30\u202f000", "30,000 EUR"])
def test_amounts_are_read_as_people_write_them(client, application, amount):
    client.post(page("paper", application, "insurance"), insurance_says(amount=amount))
    assert Document.objects.get(kind="insurance").amount == 30_000


@pytest.mark.parametrize("amount", ["-1", "99999999999999999999", "3e4", "x"])
def test_amounts_that_are_none_are_given_back(client, application, amount):
    answer = client.post(page("paper", application, "insurance"), insurance_says(amount=amount))
    assert (answer.status_code, held_by_form(answer)["amount"]) == (422, [amount])


@pytest.mark.parametrize("version", ["x", "-1", "", "9" * 30])
def test_a_forged_version_breaks_nothing(client, application, version):
    answer = client.post(
        page("paper", application, "photo"), {"file": upload(pdf()), "version": version}
    )
    assert answer.status_code in (302, 422)
    assert StoredFile.objects.count() == (answer.status_code == 302)


@pytest.mark.parametrize("kind", ["x", "fee", "purpose", "cash_or_card"])
def test_papers_that_are_not_uploaded_have_no_page(client, application, kind):
    assert client.get(page("paper", application, kind)).status_code == 404
    assert client.post(page("paper_bring", application, kind)).status_code == 404


# --- Whose ----------------------------------------------------------------------------------------


@pytest.fixture
def stored(client, application):
    """A file of this application, ready to be seen."""
    client.post(page("paper", application, "photo"), {"file": upload(pdf()), "version": "0"})
    row = StoredFile.objects.get()
    settle(row.pk)
    row.refresh_from_db()
    return row


def test_one_sees_ones_own_file_and_no_browser_keeps_it(client, application, stored):
    answer = client.get(page("paper_file", application, "photo", stored.pk))
    assert answer.status_code == 200
    assert {"private", "no-store"} <= set(answer["Cache-Control"].split(", "))
    assert b"".join(answer.streaming_content).startswith(b"%PDF")


@pytest.mark.parametrize("who", ["stranger", "other application", "other paper", "unknown"])
def test_anybody_elses_file_does_not_exist(client, application, stored, who):
    asked, kind, key = application, "photo", stored.pk
    if who == "stranger":
        client = applicant_client(UserFactory())
    elif who == "other application":
        asked = ApplicationFactory(owner=application.owner, submitted=True)
    elif who == "other paper":
        kind = "invitation"
    else:
        key = uuid.uuid4()
    assert client.get(page("paper_file", asked, kind, key)).status_code == 404


def test_a_stranger_removes_nothing(application, stored):
    part = Document.objects.get(kind="photo").parts.get()
    other = ApplicationFactory(submitted=True)
    client = applicant_client(other.owner)
    assert client.post(page("paper_remove", application, "photo", part.pk)).status_code == 404
    client.post(page("paper_remove", other, "photo", part.pk))
    assert StoredFile.objects.filter(pk=stored.pk).exists()


def test_a_file_that_is_still_looked_at_is_not_served(client, application):
    client.post(page("paper", application, "photo"), {"file": upload(pdf()), "version": "0"})
    row = StoredFile.objects.get()
    answer = client.get(page("paper_file", application, "photo", row.pk))
    assert (answer.status_code, answer.url) == (302, page("paper", application, "photo"))


def test_a_file_is_removed(client, application, stored):
    part = Document.objects.get(kind="photo").parts.get()
    client.post(page("paper_remove", application, "photo", part.pk))
    assert not StoredFile.objects.exists()


# --- What is shown --------------------------------------------------------------------------------


def test_what_an_agent_refused_is_shown_with_its_reason(client, application):
    agent = UserFactory(is_staff=True)
    operations.check_paper(
        application=application, kind="photo", acceptable=False, actor=agent, reason="Trop sombre"
    )
    for name in (page("papers", application), page("paper", application, "photo"),
                 page("detail", application)):  # fmt: skip
        assert "Trop sombre" in text_of(client.get(name))


def test_a_paper_can_be_brought_without_uploading_it(client, application):
    url = page("paper_bring", application, "photo")
    client.post(url, {"have": "yes"})
    assert Document.objects.get().state == "provided"
    client.post(url, {"have": "no"})
    assert Document.objects.get().state == "expected"


def test_whoever_had_to_sign_in_again_lands_on_the_page_of_the_button(client, application, stored):
    part = Document.objects.get(kind="photo").parts.get()
    for address in (
        page("paper_bring", application, "photo"),
        page("paper_remove", application, "photo", part.pk),
    ):
        assert client.get(address).url == page("paper", application, "photo")
    assert client.get(page("same_journey", application)).url == page("detail", application)
    assert Document.objects.get(kind="photo").parts.count() == 1


@pytest.mark.parametrize("state", ["filed", "decided", "withdrawn"])
def test_once_it_is_handed_in_nothing_can_be_sent(client, application, state):
    Application.objects.filter(pk=application.pk).update(state=state)
    shown = client.get(page("paper", application, "photo"))
    assert 'type="file"' not in shown.content.decode()
    answer = client.post(
        page("paper", application, "photo"), {"file": upload(pdf()), "version": "0"}
    )
    assert (answer.status_code, StoredFile.objects.count()) == (422, 0)


@pytest.mark.parametrize("language", ["fr", "ar", "de", "en"])
def test_every_page_of_papers_is_read_in_every_language(client, application, language):
    for kind in CHECKLIST.proves:
        Document.objects.create(application=application, kind=kind, state="provided")
    spoken(client, language)
    for url in (page("papers", application), page("to_bring", application),
                page("paper", application, "hosting_certificate")):  # fmt: skip
        assert client.get(url).status_code == 200


def test_a_draft_without_a_purpose_says_what_to_do_first(client, application):
    Application.objects.filter(pk=application.pk).update(state="draft", purpose="")
    answer = client.get(page("papers", application))
    with override("fr"):
        assert page("detail", application) in answer.content.decode()
    assert client.get(page("to_bring", application)).status_code == 200


def test_the_list_to_print_asks_for_originals(client, application):
    shown = text_of(client.get(page("to_bring", application)))
    assert "DO-05" in shown


# --- Cost -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("count", [1, 40])
def test_the_checklist_costs_at_most_eight_queries(
    client, application, django_assert_max_num_queries, count
):
    kinds = list(CHECKLIST.proves)[:count]
    for kind in kinds:
        Document.objects.create(application=application, kind=kind, state="provided")
    for document in Document.objects.all():
        for number in range(max(1, 80 // len(kinds)) if count > 1 else 1):
            file = StoredFile.objects.create(
                owner=application.owner, kind="pdf", size=1, digest=b"", name=f"{number}.pdf"
            )
            document.parts.create(file=file, position=number)
    client.get(page("papers", application))  # the session is in the store now
    with django_assert_max_num_queries(8):
        assert client.get(page("papers", application)).status_code == 200
