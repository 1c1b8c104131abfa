import pytest
from django.core.checks import registry as checks

from portal.checks import check_database_engine, check_no_workbench


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


@pytest.mark.parametrize(
    ("mail_dir", "testing", "refused"),
    [
        ("", False, []),
        ("/var/mail", False, ["portal.E003"]),
        ("", True, ["portal.E004"]),
    ],
)
def test_a_workbench_is_not_deployed(settings, mail_dir, testing, refused):
    settings.MAIL_DIR, settings.TESTING = mail_dir, testing
    assert [check.id for check in check_no_workbench(None)] == refused


def test_only_a_check_for_deployment_asks_about_the_workbench():
    assert check_no_workbench in checks.registry.get_checks(include_deployment_checks=True)
    assert check_no_workbench not in checks.registry.get_checks()
