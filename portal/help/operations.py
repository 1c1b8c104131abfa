"""Reading the help pages from their files."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.postgres.lookups import Unaccent
from django.db import transaction

from .models import HelpPage
from .search_key import search_key


@transaction.atomic
def load_help(*, folder: Path | None = None) -> int:
    """Make the pages those of the files in `folder`; returns how many there are.

    Safe to run again.  A topic without a text in some language is left out in that language.
    """
    folder = folder or settings.HELP_DIR
    with (folder / "topics.toml").open("rb") as file:
        topics = tomllib.load(file)["topic"]
    pages = [
        page
        for topic in topics
        for code, _name in settings.LANGUAGES
        if (page := _page(folder, topic, code)) is not None
    ]
    HelpPage.objects.exclude(slug__in={page.slug for page in pages}).delete()
    written = [name for name in _FIELDS if name not in ("slug", "language")]
    HelpPage.objects.bulk_create(
        pages,
        update_conflicts=True,
        unique_fields=["slug", "language"],
        update_fields=written,
    )
    # What Python's decomposition leaves, such as ø and ł, PostgreSQL's own table folds.
    HelpPage.objects.update(title_key=Unaccent("title_key"), search_key=Unaccent("search_key"))
    return len(pages)


_FIELDS = [field.name for field in HelpPage._meta.fields if not field.primary_key]


def _page(folder: Path, topic: dict[str, Any], language: str) -> HelpPage | None:
    path = folder / language / f"{topic['number']:02d}-{topic['slug']}.md"
    if not path.exists():
        return None
    title, _newline, body = path.read_text(encoding="utf-8").strip().partition("\n")
    title = title.lstrip("# ").strip()
    return HelpPage(
        number=topic["number"],
        slug=topic["slug"],
        language=language,
        title=title,
        body=body.strip(),
        tool=topic["tool"],
        rule=topic["rule"],
        source=topic["source"],
        last_checked=topic["last_checked"],
        is_dated=topic["dated"],
        title_key=search_key(title),
        search_key=search_key(f"{title} {body} {topic.get('words', '')}"),
    )
