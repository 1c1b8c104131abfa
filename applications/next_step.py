"""The one next thing that a traveller can do with a file."""

from __future__ import annotations

from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from .enums import ApplicationState as State
from .models import Application
from .operations import missing_answers


@dataclass(frozen=True, slots=True)
class NextStep:
    """The words on the button and where it leads; neither where one can only wait."""

    label: str = ""
    url: str = ""


WAIT = NextStep()


def next_step(application: Application, *, unread: int = 0, papers_open: bool = False) -> NextStep:
    """Return the next thing: what has a last day first, then what somebody wrote, then the way on.

    `unread` counts messages of the consulate, `papers_open` tells whether needed papers are
    missing.  No query.
    """
    state = State(application.state)
    if state == State.PAPERS_ASKED:
        return NextStep(_("Send the papers"), _to("papers", application))
    if unread:
        words = ngettext("Read the new message", "Read %(count)s new messages", unread)
        return NextStep(words % {"count": unread}, _to("messages", application))
    if state == State.DRAFT:
        return _with_a_draft(application)
    if state in (State.SUBMITTED, State.NOT_ACCEPTED):
        # RD-01: a retiree card may need no appointment; the page behind the button knows.
        card = application.retiree_card
        words = _("See how to hand in the file") if card else _("Choose an appointment")
        return NextStep(words, reverse("appointments:choose", args=[application.pk]))
    if state == State.BOOKED:
        return _before_the_day(application, papers_open)
    return WAIT


def _with_a_draft(application: Application) -> NextStep:
    if missing_answers(application):
        return NextStep(_("Continue with the answers"), _to("detail", application) + "#steps")
    return NextStep(_("Check and submit"), _to("check", application))


def _before_the_day(application: Application, papers_open: bool) -> NextStep:
    if papers_open:
        return NextStep(_("Prepare the papers"), _to("papers", application))
    return NextStep(
        _("See the appointment"), reverse("appointments:of_application", args=[application.pk])
    )


def _to(name: str, application: Application) -> str:
    return reverse(f"applications:{name}", args=[application.pk])
