"""Fixtures that tests of several rooms share."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.core.cache import cache
from django.utils import translation

from portal import suspension
from tests.browser import axe_clean, browser, open_page, page

__all__ = ["axe_clean", "browser", "open_page", "page"]


@pytest.fixture(autouse=True)
def _start_in_french() -> Iterator[None]:
    """No test inherits the language that the one before left behind."""
    with translation.override("fr"):
        yield


@pytest.fixture(autouse=True)
def _nothing_is_closed() -> None:
    """No test meets the closings of another one, nor asks for them before it announces one."""
    suspension.keep((), seconds=3600)


@pytest.fixture
def empty_store() -> Iterator[None]:
    """Forget budgets, sessions and cached pages before and after a test."""
    cache.clear()
    yield
    cache.clear()
