"""Where the rule book of this site comes from: the tables and modules that settings name."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from importlib import import_module
from pkgutil import iter_modules
from types import ModuleType

from django.conf import settings
from django.utils.module_loading import import_string
from django.utils.translation import gettext_lazy as _

from portal.rules.book import RuleBook, read_book
from portal.rules.parameters import ParameterRow

FAMILIES = {
    "AP": _("Filing and decision"),
    "AT": _("Against the sale of appointments"),
    "CO": _("The responsible state"),
    "CP": _("Complaints"),
    "DO": _("Papers"),
    "DP": _("Data protection"),
    "EX": _("Who needs a visa"),
    "HO": _("The host's undertaking"),
    "PA": _("Passport"),
    "RC": _("Appeals"),
    "RD": _("Appointments"),
    "ST": _("90 days in 180"),
}


@cache
def rule_book() -> RuleBook:
    """Return the book; the law is read from files, so it is read once."""
    return read_book(_rows(), _modules())


def _rows() -> Iterator[ParameterRow]:
    for path in settings.RULE_TABLES:
        yield from import_string(path)


def _modules() -> Iterator[ModuleType]:
    for path in settings.RULE_PACKAGES:
        package = import_module(path)
        for module in iter_modules(package.__path__):
            yield import_module(f"{path}.{module.name}")
