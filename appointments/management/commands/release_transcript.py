"""Print the transcript of a revealed release plan."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from appointments.models import ReleasePlan
from appointments.operations.release_ending import transcript
from appointments.refusals import StillToOpen


class Command(BaseCommand):
    """Print what is published once nothing is left to open (AT-07)."""

    help = "Print the transcript of a release plan, once its seed is revealed."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("plan", type=int, help="number of the plan, as in its address")

    def handle(self, *args: Any, **options: Any) -> None:
        plan = ReleasePlan.objects.filter(pk=options["plan"]).first()
        if plan is None:
            raise CommandError("There is no such plan.")
        try:
            self.stdout.write(json.dumps(transcript(plan), indent=1))
        except StillToOpen as refusal:
            raise CommandError(f"{refusal.message} {refusal.remedy}") from refusal
