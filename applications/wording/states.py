"""What each state of a file means for its traveller, what to do, and what comes next (AP-06).

Nothing here promises an outcome.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from ..enums import ApplicationState as State
from .words import Text


@dataclass(frozen=True, slots=True)
class StateWords:
    """One state in three sentences; `colour` is that of its status tag."""

    colour: str
    means: Text
    do: Text
    next: Text


_NOTHING = _("You need to do nothing now.")

STATES: dict[State, StateWords] = {
    State.DRAFT: StateWords(
        "progress",
        _("This is a draft. Nobody but you reads it."),
        _("Answer what is left, check your answers and submit them."),
        _("After that you choose an appointment."),
    ),
    State.SUBMITTED: StateWords(
        "attention",
        _("Your answers have arrived. They are not examined before the file is handed in."),
        _("Choose an appointment and prepare the papers."),
        _("At the appointment the counter looks at the passport and the papers."),
    ),
    State.BOOKED: StateWords(
        "done",
        _("An appointment is booked for this traveller."),
        _("Prepare the papers, and come with the originals."),
        _("The counter accepts the file, or says what is missing."),
    ),
    State.FILED: StateWords(
        "done",
        _("The counter has accepted the file."),
        _NOTHING,
        _("The consulate examines the file. It may ask for more papers."),
    ),
    State.IN_EXAMINATION: StateWords(
        "progress",
        _("The consulate examines the file."),
        _NOTHING,
        _("The consulate decides, or asks for more papers first."),
    ),
    State.EXTENDED: StateWords(
        "progress",
        _("The examination takes longer, because more checks are needed. That tells nothing of "
          "the outcome."),
        _NOTHING,
        _("The consulate decides, or asks for more papers first."),
    ),
    State.PAPERS_ASKED: StateWords(
        "attention",
        _("The consulate needs more papers from you."),
        _("Send the papers, then say that they are there."),
        _("The examination goes on. After the last day the file is decided with the papers that "
          "are there."),
    ),
    State.DECIDED: StateWords(
        "done",
        _("The authority has decided."),
        _("Read the decision below, and keep the paper that you are given with it."),
        _("You are told when the passport can be fetched."),
    ),
    State.PASSPORT_READY: StateWords(
        "attention",
        _("The passport can be fetched."),
        _("Fetch it where you handed in the file, and take the receipt along."),
        _("Compare each name and date on a visa with the passport before you leave the counter."),
    ),
    State.WITHDRAWN: StateWords(
        "neutral",
        _("You have withdrawn this application. Nobody examines it."),
        _NOTHING,
        _("You can begin a new application at any time."),
    ),
    State.NOT_ACCEPTED: StateWords(
        "problem",
        _("The counter could not accept the file. This is not a refusal of a visa: nothing was "
          "decided, and no time to appeal runs."),
        _("Put right what the counter named, then book again. It is free of charge."),
        _("At the new appointment the file is looked at anew."),
    ),
}  # fmt: skip
