"""Fixtures that tests of several rooms share."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.core.cache import cache, caches
from django.utils import translation
from pytest_django import DjangoDbBlocker

from portal import suspension
from tests.browser import axe_clean, browser, open_page, page
from tests.emptying import empty_quickly
from tests.migrated import begin_with_a_copy

__all__ = ["axe_clean", "browser", "open_page", "page"]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the tests that ask for more time than others, so that no worker ends with one."""
    items.sort(key=lambda item: item.get_closest_marker("timeout") is None)


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    django_db_modify_db_settings: None, django_db_blocker: DjangoDbBlocker
) -> None:
    """Name the test database as ever, and let it begin as a copy of a migrated one."""
    with django_db_blocker.unblock():
        begin_with_a_copy()


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> None:
    """Make the database as ever, and then see to it that it is emptied quickly."""
    with django_db_blocker.unblock():
        empty_quickly()


@pytest.fixture(autouse=True)
def _start_in_french() -> Iterator[None]:
    """No test inherits the language that the one before left behind."""
    with translation.override("fr"):
        yield


@pytest.fixture(autouse=True)
def _nothing_is_closed() -> None:
    """No test meets the closings of another one, nor asks for them before it announces one."""
    suspension.keep((), seconds=3600)


@pytest.fixture(autouse=True)
def _no_part_of_a_page_is_kept() -> None:
    """No test meets what another one's addresses made of the footer."""
    caches["template_fragments"].clear()


@pytest.fixture
def empty_store() -> Iterator[None]:
    """Forget budgets, sessions and cached pages before and after a test."""
    cache.clear()
    yield
    cache.clear()
