"""`manage.py catalogues`: keep the translations complete, without system gettext."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from portal.catalogues import exchange, files
from portal.catalogues.extraction import extracted
from portal.catalogues.faults import faults


class Command(BaseCommand):
    """Runs without database: the installation compiles catalogues before there is one."""

    help = "Extract, compile, check, export or import the translations."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare one word per job."""
        jobs = parser.add_subparsers(dest="job", required=True)
        jobs.add_parser("extract", help="bring the .po files up to date with the code")
        jobs.add_parser("compile", help="write the .mo files that are out of date")
        jobs.add_parser("check", help="exit 1 if a translation is missing or wrong")
        export = jobs.add_parser("export", help="print a language's texts as JSON")
        export.add_argument("--missing", action="store_true", help="only those not translated")
        export.add_argument("--part", default="1/1", help="a share, such as 2/4")
        taking = jobs.add_parser("import", help="fill a language's .po from such a JSON")
        taking.add_argument("file", type=Path)
        for job in (export, taking):
            job.add_argument("--language", required=True, choices=dict(settings.LANGUAGES))

    def handle(self, *args: Any, job: str, **options: Any) -> None:
        """Do one job."""
        jobs = {
            "extract": self._extract,
            "compile": self._compile,
            "check": self._check,
            "export": self._export,
            "import": self._import,
        }
        jobs[job](options)

    def _extract(self, options: dict[str, Any]) -> None:
        template = extracted(settings.BASE_DIR)
        for language, _name in settings.LANGUAGES:
            with files.alone(_folder(), language):
                changed = files.write(_folder(), language, _current(template, language))
            self.stdout.write(f"{language}: {'updated' if changed else 'up to date'}")

    def _compile(self, options: dict[str, Any]) -> None:
        for language, _name in settings.LANGUAGES:
            if not files.path_of(_folder(), language).exists():
                continue
            if files.compile_one(_folder(), language):
                self.stdout.write(f"{language}: compiled")

    def _check(self, options: dict[str, Any]) -> None:
        template = extracted(settings.BASE_DIR)
        found = [
            f"{language}: {fault}"
            for language, _name in settings.LANGUAGES
            for fault in faults(template, files.read(_folder(), language), language)
        ]
        for fault in found:
            self.stdout.write(fault)
        if found:
            raise CommandError(f"{len(found)} faults in the catalogues")

    def _export(self, options: dict[str, Any]) -> None:
        part, parts = _share(options["part"])
        catalog = _current(extracted(settings.BASE_DIR), options["language"])
        texts = exchange.exported(catalog, missing=options["missing"], part=part, parts=parts)
        self.stdout.write(json.dumps(texts, ensure_ascii=False, indent=1))

    def _import(self, options: dict[str, Any]) -> None:
        language, entries = options["language"], _entries(options["file"])
        with files.alone(_folder(), language):
            catalog = _current(extracted(settings.BASE_DIR), language)
            refused = exchange.take(catalog, entries)
            files.write(_folder(), language, catalog)
        for problem in refused:
            self.stdout.write(f"{language}: {problem}")
        if refused:
            raise CommandError(f"{len(refused)} of {len(entries)} were refused")


def _folder() -> Path:
    return Path(settings.LOCALE_PATHS[0])


def _current(template: Catalog, language: str) -> Catalog:
    return files.brought_up_to_date(template, files.read(_folder(), language), language)


def _share(text: str) -> tuple[int, int]:
    part, _, parts = text.partition("/")
    if not (part.isdigit() and parts.isdigit() and 1 <= int(part) <= int(parts)):
        raise CommandError("--part is a share such as 2/4")
    return int(part), int(parts)


def _entries(file: Path) -> dict[str, Any]:
    try:
        entries = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise CommandError(f"{file} cannot be read: {error}") from error
    if not isinstance(entries, dict):
        raise CommandError(f"{file} holds no object of texts")
    return entries
