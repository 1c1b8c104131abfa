import pytest

from portal.checks import check_database_engine


@pytest.mark.parametrize(
    ("engine", "refused"),
    [
        ("django.db.backends.postgresql", False),
        ("django.db.backends.sqlite3", True),
        ("django.db.backends.mysql", True),
        ("", True),
    ],
)
def test_only_postgresql_is_accepted(settings, engine, refused):
    settings.DATABASES = {"default": {"ENGINE": engine}}
    assert [check.id for check in check_database_engine(None)] == ["portal.E001"] * refused
