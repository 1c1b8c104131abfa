import os
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from portal.uploads import refusals
from portal.uploads.models import StoredFile
from tests.pages import says, text_of

from . import papers

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.urls("tests.portal.uploads.site"),
]


def send(content, name="paper.pdf", client=None, **more):
    paper = SimpleUploadedFile(name, content, content_type="application/pdf")
    return (client or Client()).post("/paper/", {"remark": "Für Mama", "paper": paper, **more})


def test_the_form_says_what_it_takes():
    page = Client().get("/paper/")
    assert 'enctype="multipart/form-data"' in text_of(page)
    assert 'accept=".pdf,' in text_of(page)
    assert "20\xa0M" in text_of(page) or "20 M" in text_of(page)
    assert 'aria-describedby="id_paper_helptext"' in text_of(page)


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("passport.pdf", "passport.pdf"),
        ("عقد الزواج.pdf", "عقد الزواج.pdf"),
        ("../../عقد/زواج.pdf", "زواج.pdf"),  # browsers send no folders, and Django drops them
        ("a" * 300 + ".pdf", "a" * 115 + "….pdf"),
    ],
)
def test_a_paper_arrives_with_a_name_to_read(name, shown):
    response = send(papers.pdf(), name)
    assert response.json()["name"] == shown
    assert StoredFile.objects.get().is_being_checked


@pytest.mark.parametrize(
    ("content", "refusal"),
    [
        (b"", refusals.Empty),
        (b"MZ" + bytes(3000), refusals.Program),
        (papers.archive(), refusals.Archive),
        (papers.locked_pdf(), refusals.Locked),
        (papers.half(papers.pdf(9)), refusals.Broken),
        (papers.png_of(20_000, 10_000), refusals.TooManyPixels),
    ],
)
@pytest.mark.parametrize("language", ["fr", "ar"])
def test_a_refusal_stands_beside_its_field_and_nothing_else_is_lost(content, refusal, language):
    client = Client()
    client.cookies["guichet_language"] = language
    response = send(content, client=client)
    assert response.status_code == 422
    assert says(response, refusal().message, language)
    assert says(response, refusal().remedy, language)
    assert 'value="Für Mama"' in text_of(response)
    assert not StoredFile.objects.exists()


def test_a_file_over_the_limit_loses_nothing_of_the_form(settings, folder):
    settings.UPLOAD_MAX_BYTES = 300_000
    response = send(papers.noise((400, 400)))
    assert response.status_code == 422
    assert says(response, refusals.TooBig().message)
    assert 'value="Für Mama"' in text_of(response)
    assert not folder.exists()


def test_a_body_that_no_form_sends_is_refused_on_a_page_that_explains(settings):
    settings.UPLOAD_MAX_BODY = 100_000
    response = send(papers.noise((400, 400)), client=Client(raise_request_exception=False))
    assert response.status_code == 413
    assert '<a href="/">' in text_of(response)


def test_a_paper_missing_is_asked_for():
    response = Client().post("/paper/", {"remark": "x"})
    assert response.status_code == 422
    assert "id_paper" in text_of(response)


def test_nothing_plain_waits_on_a_disk_while_a_file_arrives(monkeypatch, tmp_path):
    """Neither while nor after: what lies in the temporary folder has no name."""
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "tmp"))
    (tmp_path / "tmp").mkdir()
    seen = []
    from portal.uploads import spool

    real = spool.Spool.append

    def append(self, data):
        real(self, data)
        self._file.flush()
        seen.append(list((tmp_path / "tmp").iterdir()))
        assert data[:100] not in _behind(self._file)

    monkeypatch.setattr(spool.Spool, "append", append)
    assert send(papers.noise((500, 500))).status_code == 200
    assert len(seen) > 5
    assert not any(seen)


def _behind(file):
    return Path(f"/proc/self/fd/{file.fileno()}").read_bytes()


def test_an_upload_holds_no_file_open_after_its_request():
    send(papers.noise((500, 500)))
    before = len(os.listdir("/proc/self/fd"))
    for _ in range(5):
        send(papers.noise((500, 500)))
        send(b"MZ" + bytes(100_000))
    assert len(os.listdir("/proc/self/fd")) <= before


def test_half_an_upload_leaves_nothing(folder):
    """The connection breaks: the parser ends early, and no file reaches the form."""
    body = (
        b'--x\r\nContent-Disposition: form-data; name="remark"\r\n\r\nhello\r\n'
        b'--x\r\nContent-Disposition: form-data; name="paper"; filename="a.pdf"\r\n'
        b"Content-Type: application/pdf\r\n\r\n" + papers.half(papers.pdf(9))
    )
    client = Client(raise_request_exception=False)
    response = client.post("/paper/", body, content_type="multipart/form-data; boundary=x")
    assert response.status_code == 422
    assert not folder.exists()
