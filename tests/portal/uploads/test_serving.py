import pytest
from django.test import Client

from portal.audit.models import Access
from portal.uploads.models import StoredFile
from tests.factories import UserFactory

from . import papers

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.urls("tests.portal.uploads.site"),
]


def client_of(user):
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def agent():
    return UserFactory(email="agent@example.org", is_staff=True)


def get(row, user, query=""):
    return client_of(user).get(f"/paper/{row.pk}/{query}", headers={"Accept-Encoding": "gzip"})


def body(response):
    return b"".join(response.streaming_content)


@pytest.mark.parametrize(
    ("make", "content_type", "start", "ending"),
    [
        (papers.pdf, "application/pdf", b"%PDF-", "pdf"),
        (papers.picture, "image/jpeg", b"\xff\xd8\xff", "jpg"),
        (papers.heic, "image/jpeg", b"\xff\xd8\xff", "jpg"),
        (papers.png, "image/png", b"\x89PNG", "png"),
    ],
)
def test_the_cleaned_copy_is_shown_as_what_it_is(settled, make, content_type, start, ending):
    row = settled(make(), name="عقد.exe")
    response = get(row, row.owner)
    assert response["Content-Type"] == content_type
    assert response["Content-Disposition"].startswith("inline; filename*=utf-8''%D8%B9")
    assert response["Content-Disposition"].endswith(f".{ending}")
    content = body(response)
    assert content.startswith(start)
    assert papers.CAMERA.encode() not in content
    assert response["Content-Length"] == str(len(content)) == str(row.cleaned_size)


def test_it_is_kept_nowhere_guessed_by_nobody_and_runs_nothing(settled):
    row = settled(papers.picture())
    response = get(row, row.owner)
    assert "no-store" in response["Cache-Control"]
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["X-Frame-Options"] == "DENY"
    assert response["Cross-Origin-Resource-Policy"] == "same-origin"
    policy = response["Content-Security-Policy"]
    assert policy.startswith("default-src 'none';")
    assert policy.endswith("; sandbox")
    assert response["Content-Encoding"] == "identity"


def test_a_pdf_is_shown_without_a_sandbox_for_the_viewers_sake_and_saved_with_one(settled):
    row = settled()
    assert "sandbox" not in get(row, row.owner)["Content-Security-Policy"]
    saved = get(row, row.owner, "?save")
    assert saved["Content-Security-Policy"].endswith("; sandbox")
    assert saved["Content-Disposition"].startswith("attachment;")


def test_reading_by_staff_is_traced_and_by_the_owner_is_not(settled, agent):
    row = settled()
    get(row, row.owner)
    assert not Access.objects.exists()
    get(row, agent)
    access = Access.objects.get()
    assert (access.actor_id, access.subject_id) == (agent.pk, str(row.pk))


def test_nothing_is_shown_before_the_checks_have_ended(received, agent):
    row = received()
    for person in (row.owner, agent):
        response = get(row, person)
        assert (response.status_code, response.content[:9]) == (409, b"not_ready")
    assert not Access.objects.exists()


def test_a_refused_file_says_why_instead(settled):
    row = settled(papers.pdf(60))
    assert get(row, row.owner).content.startswith(b"too_many_pages")


def test_staff_wait_for_the_scanner_and_the_owner_does_not(settled, settings, agent):
    settings.CLAMD_URL = "tcp://127.0.0.1:1"
    row = settled()
    response = get(row, agent)
    assert (response.status_code, response.content[:15]) == (409, b"not_scanned_yet")
    assert not Access.objects.exists()
    assert get(row, row.owner).status_code == 200
    StoredFile.objects.update(scan_state="clean")
    assert get(row, agent).status_code == 200


def test_a_changed_copy_is_not_shown_in_part(settled, folder):
    row = settled(papers.noise((300, 300)))
    place = folder / row.cleaned_name
    place.write_bytes(place.read_bytes()[:-70_000])
    with pytest.raises(Exception, match=row.cleaned_name):
        get(row, row.owner)
