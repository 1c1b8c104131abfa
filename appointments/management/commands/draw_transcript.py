"""Print the transcript of a draw that took place."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from typing import Any
from uuid import UUID

from django.core.management.base import BaseCommand, CommandError

from appointments.models import Draw
from appointments.operations.draw_results import transcript
from appointments.refusals import NotDrawnYet


class Command(BaseCommand):
    """Print what is published after a draw (RD-08)."""

    help = "Print the transcript of a draw, once lots are drawn."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("draw", type=UUID, help="number of the draw, as in its address")

    def handle(self, *args: Any, **options: Any) -> None:
        draw = Draw.objects.filter(pk=options["draw"]).first()
        if draw is None:
            raise CommandError("There is no such draw.")
        try:
            self.stdout.write(json.dumps(transcript(draw), indent=1))
        except NotDrawnYet as refusal:
            raise CommandError(f"{refusal.message} {refusal.remedy}") from refusal
