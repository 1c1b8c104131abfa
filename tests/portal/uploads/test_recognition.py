import io

import pytest
from django.core.files.base import ContentFile

from portal.uploads.incoming import sealed
from portal.uploads.recognition import recognise

from . import papers


def code_of(content):
    upload = sealed(ContentFile(content, name="paper.pdf"))
    try:
        return recognise(upload).kind
    except Exception as refusal:
        return refusal.code


@pytest.mark.parametrize(
    ("make", "kind", "size"),
    [
        (papers.pdf, "pdf", (None, None)),
        (papers.picture, "jpeg", (80, 60)),
        (lambda: papers.picture(progressive=True), "jpeg", (80, 60)),
        (papers.png, "png", (80, 60)),
        (papers.heic, "heic", (80, 64)),
    ],
)
def test_a_file_is_what_it_holds_and_not_what_it_is_called(make, kind, size):
    look = recognise(sealed(ContentFile(make(), name="virus.exe")))
    assert (look.kind, (look.width, look.height)) == (kind, size)


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "empty"),
        (b"MZ" + bytes(100) + papers.pdf(), "program"),
        (b"\x7fELF" + bytes(100), "program"),
        (b"#!/bin/sh\n" + papers.pdf(), "program"),
        (papers.archive(), "archive"),
        (papers.archive(**{"bomb.txt": bytes(30_000_000)}), "archive"),
        (papers.archive(**{"paper.pdf": papers.pdf()}), "archive"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "archive"),
        (papers.EICAR, "unknown_content"),
        (b"<html><script>%PDF-1.7</script>", "unknown_content"),
        (b"junk before " + papers.pdf(), "unknown_content"),
        (b"GIF89a" + bytes(100), "unknown_content"),
        (b"%PDF-1.7", "broken"),
        (b"\xff\xd8\xff", "broken"),
        (b"\x89PNG\r\n\x1a\n", "broken"),
        (papers.half(papers.pdf(9)), "broken"),
        (papers.half(papers.png(size=(300, 300))), "broken"),
        (papers.locked_pdf(), "locked"),
        (papers.locked_pdf(user=""), "locked"),
        (papers.png_of(20_000, 10_000), "too_many_pixels"),
        (papers.jpeg_that_says(20_000, 10_000), "too_many_pixels"),
        (papers.heic_that_says(20_000, 10_000), "too_many_pixels"),
    ],
)
def test_what_can_be_told_at_once_is_told_at_once(content, code):
    assert code_of(content) == code


def test_a_byte_over_the_limit_is_too_big(settings):
    content = papers.pdf()
    settings.UPLOAD_MAX_BYTES = len(content)
    assert code_of(content) == "pdf"
    settings.UPLOAD_MAX_BYTES = len(content) - 1
    assert code_of(content) == "too_big"


def test_what_is_too_big_leaves_nothing_behind(settings):
    settings.UPLOAD_MAX_BYTES = 200_000
    upload = sealed(ContentFile(bytes(1_000_000), name="x"))
    assert upload.size == 1_000_000
    assert upload.spool._file.seek(0, io.SEEK_END) == 0


def test_walking_a_frame_ends():
    endless = papers.png_of(8, 8, *[papers.chunk(b"tEXt", b"")] * 30_000)
    assert code_of(endless) == "broken"
    assert code_of(b"\xff\xd8" + b"\xff" * 1_000_000) == "broken"


@pytest.mark.parametrize("make", [papers.pdf, papers.png, papers.picture, papers.heic])
def test_no_damage_ends_in_anything_but_an_answer(make):
    """Cut everywhere: each piece is taken or refused, and nothing else is raised."""
    content = make()
    for end in range(0, len(content), max(1, len(content) // 60)):
        assert isinstance(code_of(content[:end]), str)
