import pytest

from portal.outbox.segments import segments, thrifty


@pytest.mark.parametrize(
    ("text", "pieces"),
    [
        ("", 1),
        ("a" * 160, 1),
        ("a" * 161, 2),
        ("a" * 306, 2),
        ("a" * 307, 3),
        ("€" * 80, 1),
        ("€" * 81, 2),
        ("é" * 160, 1),
        ("ê" * 70, 1),
        ("ê" * 71, 2),
        ("م" * 134, 2),
        ("م" * 135, 3),
        ("😀" * 35, 1),
        ("😀" * 36, 2),
    ],
)
def test_a_text_is_cut_as_the_networks_cut_it(text, pieces):
    assert segments(text) == pieces


@pytest.mark.parametrize(
    ("text", "sent"),
    [
        (
            "Rendez-vous déplacé à l’hôtel — ça marche…",
            "Rendez-vous déplacé à l'hotel - ca marche...",
        ),
        ("Straße nach Österreich „gut“", 'Straße nach Österreich "gut"'),
        ("  two\n\nlines\u00a0here ", "two lines here"),
        ("الموعد \u2066A-7K3M\u2069 – غدًا", "الموعد A-7K3M - غدًا"),
    ],
)
def test_accents_alone_do_not_cost_a_second_piece(text, sent):
    assert thrifty(text) == sent
