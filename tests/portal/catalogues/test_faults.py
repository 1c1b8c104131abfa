import pytest

from portal.catalogues.faults import disagreement


@pytest.mark.parametrize(
    ("originals", "forms"),
    [
        pytest.param(["On %(date)s"], ["Am %(date)s"], id="same name"),
        pytest.param(["%(a)s and %(b)s"], ["%(b)s و %(a)s"], id="another order"),
        pytest.param(["100% free"], ["zu 100 % frei"], id="lone percent signs"),
        pytest.param(["%(n)s of 100%%"], ["%(n)s von 100 %%"], id="doubled percent signs"),
        pytest.param(["%(n)s day", "%(n)s days"], ["ein Tag", "%(n)s Tage"], id="one by its word"),
        pytest.param(
            ["%(n)s day", "%(n)s days"],
            ["لا يوم", "يوم", "يومان", "%(n)s أيام", "%(n)s يوما", "%(n)s يوم"],
            id="six Arabic forms",
        ),
        pytest.param(["{day} at noon"], ["{day} à midi"], id="braces"),
    ],
)
def test_placeholders_that_agree(originals, forms):
    assert disagreement(originals, forms) == ""


@pytest.mark.parametrize(
    ("originals", "forms"),
    [
        pytest.param(["On %(date)s"], ["Am Tag"], id="lost"),
        pytest.param(["On %(date)s"], ["Am %(datum)s"], id="renamed"),
        pytest.param(["On %(date)s"], ["Am %(date)"], id="without its s"),
        pytest.param(["%(n)s free"], ["%(n)s zu 100 %"], id="a lone percent sign"),
        pytest.param(["%(n)s free"], ["%(n)s zu %s"], id="a nameless one"),
        pytest.param(["Free"], ["Frei am %(date)s"], id="from nowhere"),
        pytest.param(["%(n)s day", "%(n)s days"], ["%(n)s Tag", "Tage"], id="lost in the plural"),
        pytest.param(
            ["%(n)s day", "%(n)s days"],
            ["لا يوم", "يوم", "يومان", "أيام", "%(n)s يوما", "%(n)s يوم"],
            id="lost for three to ten",
        ),
        pytest.param(["{day} at noon"], ["à midi"], id="lost braces"),
    ],
)
def test_placeholders_that_do_not_agree(originals, forms):
    assert disagreement(originals, forms) != ""
