import pytest

from portal.uploads.names import LONGEST, display_name, name_with


@pytest.mark.parametrize(
    ("raw", "shown"),
    [
        ("passeport.pdf", "passeport.pdf"),
        ("../../عقد/زواج.pdf", "عقد∕زواج.pdf"),
        ("..\\..\\windows\\win.ini", "windows∕win.ini"),
        ("/etc/passwd", "etc∕passwd"),
        ("photo\u202egpj.exe", "photo gpj.exe"),
        ("a\x00b\r\nSet-Cookie: x.pdf", "a b Set-Cookie: x.pdf"),
        ("  .hidden ", "hidden"),
        ("e\u0301tat.pdf", "état.pdf"),
        ("..", ""),
    ],
)
def test_a_name_is_words_and_never_a_path(raw, shown):
    assert display_name(raw) == shown


def test_a_long_name_keeps_its_ending():
    name = display_name("ش" * 500 + ".pdf")
    assert len(name) == LONGEST
    assert name.endswith("….pdf")
    assert len(display_name("x." + "y" * 500)) == LONGEST


@pytest.mark.parametrize(
    ("name", "saved_as"),
    [("IMG_1.HEIC", "IMG_1.jpg"), ("عقد∕زواج.pdf", "عقد∕زواج.jpg"), ("", "document.jpg")],
)
def test_a_file_is_saved_as_what_it_is(name, saved_as):
    assert name_with(name, ".jpg") == saved_as
