"""Hold the trail to its chain of seals: `manage.py verify_audit --published 123:ab12…`."""

from __future__ import annotations

from argparse import ArgumentParser
from datetime import UTC, datetime
from itertools import islice
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from portal.audit.chain import head_of, read_head
from portal.audit.sealing import open_rows
from portal.audit.verifying import Fault, Tally, faults

TOLD = 50  # more lines than this help nobody


class Command(BaseCommand):
    """Print each fault with its row and time; exit with 1 if there is one."""

    help = "Tells which records of the trail were changed, deleted, inserted or put elsewhere."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take where to begin and what to compare with."""
        parser.add_argument("--since", help="skip what was sealed before, such as 2026-11-01")
        parser.add_argument("--published", help="a head that was written down: NUMBER:HASH")

    def handle(self, *args: Any, **options: Any) -> None:
        """Read the chain and print what is wrong, then where it stands."""
        since, published = _moment(options["since"]), _head(options["published"])
        tally = Tally()
        found = faults(tally, since=since, published=published)
        told = 0
        for fault in islice(found, TOLD):
            told += 1
            self.stdout.write(("First fault: " if told == 1 else "Then: ") + _sentence(fault))
        rest = sum(1 for _fault in found)
        if rest:
            self.stdout.write(f"and {rest} more")
        self._stand(tally)
        if told:
            raise CommandError(f"the trail is not as it was sealed: {told + rest} faults")

    def _stand(self, tally: Tally) -> None:
        self.stdout.write(
            f"{tally.seals} seals, {tally.rows} rows read, {tally.forgotten} forgotten (DP-04)"
        )
        for one in open_rows():
            oldest = f", the oldest of {one.oldest.isoformat()}" if one.oldest else ""
            self.stdout.write(f"open: {one.rows} rows of {one.table}{oldest}")
        self.stdout.write(f"head: {head_of(tally.last)}")


def _sentence(fault: Fault) -> str:
    at = f" ({fault.at.isoformat()})" if fault.at else ""
    return f"{fault.where}{at} {fault.what}"


def _moment(text: str | None) -> datetime | None:
    if text is None:
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise CommandError(f"{text!r} is no date") from error
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _head(text: str | None) -> tuple[int, bytes] | None:
    if text is None:
        return None
    try:
        return read_head(text)
    except ValueError as error:
        raise CommandError(f"{text!r} is no head: write NUMBER:HASH") from error
