"""What the child process makes of real files; each test starts it anew."""

import io

import pikepdf
import pytest
from pikepdf import Name
from PIL import Image

from portal.uploads import sandbox
from portal.uploads.refusals import FileRefused

from . import papers

TELLING = [b"Exif", b"GPS", papers.CAMERA.encode(), b"photoshop", b"<x:xmpmeta", b"eXIf", b"tEXt"]
ACTIVE = [b"/JavaScript", b"/JS", b"/Launch", b"/EmbeddedFile", b"/OpenAction", b"/AA", b"/XFA",
          b"/FileAttachment", b"/Filespec", b"hidden", b"app.alert", b"cmd.exe",
          papers.CAMERA.encode(), b"/URI"]  # fmt: skip


def clean(kind, content):
    cleaned = sandbox.clean(kind, [content])
    with cleaned.spool.unsealed() as copy:
        return copy.read(), cleaned.described


def code_of(kind, content):
    with pytest.raises(FileRefused) as refusal:
        clean(kind, content)
    return refusal.value.code


def opened(content):
    image = Image.open(io.BytesIO(content))
    image.load()
    return image


def laid_open(content):
    """A PDF as text, with every stream unpacked."""
    output = io.BytesIO()
    with pikepdf.open(io.BytesIO(content)) as paper:
        paper.save(
            output,
            qdf=True,
            compress_streams=False,
            stream_decode_level=pikepdf.StreamDecodeLevel.generalized,
            object_stream_mode=pikepdf.ObjectStreamMode.disable,
        )
    return output.getvalue()


# --- Pictures -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "make", "shown"),
    [
        ("jpeg", papers.picture, "JPEG"),
        ("jpeg", lambda: papers.picture(comment=b"SecretCamera"), "JPEG"),
        ("jpeg", lambda: papers.picture(xmp=b"<x:xmpmeta SecretCamera"), "JPEG"),
        ("png", papers.png, "PNG"),
        ("heic", papers.heic, "JPEG"),
    ],
)
def test_a_picture_keeps_its_pixels_and_loses_its_story(kind, make, shown):
    assert papers.CAMERA.encode() in make()
    copy, facts = clean(kind, make())
    image = opened(copy)
    assert image.format == shown
    assert (facts["width"], facts["height"]) == image.size
    assert not dict(image.getexif())
    assert not [word for word in TELLING if word in copy]
    red, blue = image.convert("RGB").getpixel((5, 30)), image.convert("RGB").getpixel((75, 30))
    assert red[0] > 200 > 60 > red[2]
    assert blue[2] > 200 > 60 > blue[0]


@pytest.mark.parametrize(
    ("orientation", "size", "red_at"),
    [(3, (80, 60), (75, 30)), (6, (60, 80), (30, 5)), (8, (60, 80), (30, 75))],
)
def test_a_picture_is_turned_upright_before_that_is_forgotten(orientation, size, red_at):
    copy, _facts = clean("jpeg", papers.picture(orientation=orientation))
    image = opened(copy)
    assert image.size == size
    assert image.getpixel(red_at)[0] > 200


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA", "I;16", "CMYK"])
def test_every_way_to_write_colours_is_read(mode):
    image = Image.new("RGB", (20, 20), "white").convert("L" if mode == "I;16" else mode)
    if mode == "I;16":
        image = image.convert("I").convert("I;16")
    output = io.BytesIO()
    kind = "JPEG" if mode == "CMYK" else "PNG"
    image.save(output, kind)
    copy, _facts = clean(kind.lower(), output.getvalue())
    assert opened(copy).size == (20, 20)


def test_what_is_see_through_stays_so():
    image = Image.new("RGBA", (20, 20), (255, 0, 0, 0))
    output = io.BytesIO()
    image.quantize().save(output, "PNG", transparency=0)
    copy, _facts = clean("png", output.getvalue())
    assert opened(copy).convert("RGBA").getpixel((3, 3))[3] == 0


@pytest.mark.parametrize(
    ("kind", "make"), [("jpeg", papers.picture), ("png", papers.png), ("pdf", papers.pdf)]
)
def test_what_hangs_on_behind_a_file_is_gone(kind, make):
    parasite = papers.archive(**{"virus.exe": b"MZ hidden"})
    copy, _facts = clean(kind, make() + parasite)
    assert b"PK\x03\x04" not in copy
    assert b"virus.exe" not in copy


@pytest.mark.parametrize(
    ("kind", "make"),
    [
        ("jpeg", lambda: papers.half(papers.picture(size=(800, 600)))),
        ("png", lambda: papers.half(papers.png(size=(800, 600)))),
        ("heic", lambda: papers.half(papers.heic(size=(640, 480)))),
        ("pdf", lambda: papers.half(papers.pdf(9))),
        ("jpeg", lambda: b"\xff\xd8\xff\xe0" + papers.pdf()),
        ("png", lambda: papers.picture()),
        ("pdf", lambda: b"%PDF-1.7\n" + b"x" * 5000 + b"startxref\n9\n%%EOF"),
        ("pdf", lambda: papers.pdf(0)),
    ],
)
def test_what_is_damaged_is_called_so(kind, make):
    assert code_of(kind, make()) == "broken"


@pytest.mark.parametrize("kind", ["jpeg", "png", "heic"])
def test_pixels_are_counted_before_they_are_decoded(kind):
    giant = {
        "jpeg": papers.jpeg_that_says(20_000, 10_000),
        "png": papers.png_of(20_000, 10_000),
        "heic": papers.heic_that_says(20_000, 10_000),
    }[kind]
    assert code_of(kind, giant) in {"too_many_pixels", "broken" if kind == "heic" else ""}


def test_the_largest_picture_that_is_taken_fits_into_the_childs_memory():
    image = Image.new("RGBA", (8_000, 7_500), (1, 2, 3, 4))
    output = io.BytesIO()
    tags = Image.Exif()
    tags[0x0112] = 6  # turning needs the memory twice
    image.save(output, "PNG", exif=tags, compress_level=1)
    _copy, facts = clean("png", output.getvalue())
    assert (facts["width"], facts["height"]) == (7_500, 8_000)


# --- PDFs ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("change", papers.ACTING, ids=lambda change: change.__name__)
@pytest.mark.parametrize("packed", [True, False])
def test_whatever_acts_or_hides_is_taken_out_and_the_page_stays(change, packed):
    mode = pikepdf.ObjectStreamMode.generate if packed else pikepdf.ObjectStreamMode.disable
    harmful = papers.pdf(2, change, object_stream_mode=mode)
    assert [word for word in ACTIVE if word in laid_open(harmful)], "the sample does no harm"
    copy, facts = clean("pdf", harmful)
    assert facts == {"pages": 2}
    assert not [word for word in ACTIVE if word in laid_open(copy)]
    assert b"(Page 2) Tj" in laid_open(copy)


def test_links_inside_the_paper_still_work():
    def jump(paper):
        link = pikepdf.Dictionary(Type=Name.Annot, Subtype=Name.Link, Rect=[0, 0, 9, 9])
        link.A = pikepdf.Dictionary(S=Name.GoTo, D=[paper.pages[1].obj, Name.Fit])
        paper.pages[0].Annots = [paper.make_indirect(link)]

    copy, _facts = clean("pdf", papers.pdf(2, jump))
    assert b"/GoTo" in laid_open(copy)


def test_a_photo_in_a_paper_forgets_where_it_was_taken():
    harmful = papers.pdf(1, papers.holds_a_photo)
    assert papers.CAMERA.encode() in harmful
    copy, _facts = clean("pdf", harmful)
    assert papers.CAMERA.encode() not in copy
    assert b"Exif" not in copy
    with pikepdf.open(io.BytesIO(copy)) as paper:
        image = pikepdf.PdfImage(paper.pages[0].Resources.XObject.Im0).as_pil_image()
    assert image.size == (80, 60)
    assert image.getpixel((5, 30))[0] > 200


@pytest.mark.parametrize(
    ("make", "code"),
    [
        (lambda: papers.pdf(51), "too_many_pages"),
        (lambda: papers.pdf(60), "too_many_pages"),
        (papers.locked_pdf, "locked"),
        (lambda: papers.locked_pdf(user=""), "locked"),
        (lambda: papers.pdf(1, papers.holds_a_giant), "too_many_pixels"),
        (lambda: papers.pdf(1, papers.is_a_bomb), "too_heavy"),
        (lambda: papers.pdf(1, papers.is_a_bomb_in_a_bomb), "too_heavy"),
        (lambda: papers.pdf(1, papers.is_a_bomb_in_letters), "too_heavy"),
        (lambda: papers.pdf(1, papers.is_a_portfolio), "archive"),
        (lambda: papers.pdf(1, papers.is_drawn_by_a_script), "dynamic_form"),
    ],
)
def test_what_a_paper_must_not_be(make, code):
    assert code_of("pdf", make()) == code


def test_fifty_pages_are_taken():
    _copy, facts = clean("pdf", papers.pdf(50))
    assert facts == {"pages": 50}


# --- The child itself ---------------------------------------------------------------------------


def child(monkeypatch, program):
    """Let another program be the child."""
    monkeypatch.setattr(sandbox, "PROGRAM", program)


def test_the_child_knows_no_secret(monkeypatch):
    child(
        monkeypatch,
        "import os, sys, json; sys.stdin.buffer.read()\n"
        "out = json.dumps(dict(os.environ)).encode()\n"
        "print(json.dumps({'bytes': len(out)}), flush=True); sys.stdout.buffer.write(out)",
    )
    environment, _facts = clean("pdf", b"x")
    assert b"GUICHET" not in environment
    assert b"DATABASE" not in environment


def test_the_child_cannot_take_all_memory(monkeypatch):
    real = sandbox.PROGRAM.replace("main.main()", "main._limit_oneself()")
    child(
        monkeypatch,
        f"{real}\ntry: b'x' * 4_000_000_000\n"
        'except MemoryError: print(\'{"refused": "too_heavy"}\')',
    )
    assert code_of("pdf", b"x") == "too_heavy"


def test_the_child_writes_to_no_disk(monkeypatch, tmp_path):
    real = sandbox.PROGRAM.replace("main.main()", "main._limit_oneself()")
    place = tmp_path / "stolen"
    child(
        monkeypatch,
        f"{real}\nimport signal; signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
        f"try: open({str(place)!r}, 'w', 1).write('plain\\n')\n"
        'except OSError: print(\'{"refused": "broken"}\')',
    )
    assert code_of("pdf", b"x") == "broken"
    assert not place.exists() or not place.read_bytes()


def test_a_child_that_burns_time_is_stopped_for_good(monkeypatch):
    child(
        monkeypatch,
        "import resource; resource.setrlimit(resource.RLIMIT_CPU, (1, 2))\nwhile True: pass",
    )
    assert code_of("pdf", b"x") == "too_heavy"


@pytest.mark.parametrize(
    "program",
    [
        "import os, signal; os.kill(os.getpid(), signal.SIGKILL)",
        "import sys; sys.exit(1)",
        "print('{\"bytes\": 100}')",
        "print('no json')",
    ],
)
def test_a_child_that_dies_or_babbles_is_no_answer(monkeypatch, program):
    child(monkeypatch, program)
    with pytest.raises(sandbox.ChildLost):
        clean("pdf", bytes(1_000_000))


@pytest.mark.parametrize(
    "program",
    ["import time; time.sleep(600)", "print('x' * 100_000)"],  # more than a pipe holds
)
def test_a_child_that_hangs_is_killed(monkeypatch, program):
    child(monkeypatch, program)
    monkeypatch.setattr(sandbox, "SECONDS", 0.5)
    with pytest.raises(sandbox.ChildLost):
        clean("pdf", bytes(1_000_000))


def test_a_copy_that_swells_beyond_all_bounds_is_refused(monkeypatch):
    monkeypatch.setattr(sandbox, "LARGEST", 100)
    assert code_of("pdf", papers.pdf(3)) == "too_heavy"
