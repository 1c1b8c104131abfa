"""What may follow a state of an application, and of a paper in it."""

from portal.workflow import Transition, Workflow

from .enums import ApplicationState as State
from .enums import DocumentState

_WITH_THE_AUTHORITY = {State.FILED, State.IN_EXAMINATION, State.EXTENDED, State.PAPERS_ASKED}

APPLICATION_WORKFLOW = Workflow(
    field="state",
    transitions=[
        Transition("submit", frozenset({State.DRAFT}), State.SUBMITTED),
        Transition("correct", frozenset({State.SUBMITTED, State.NOT_ACCEPTED}), State.DRAFT),
        # PA-12: what the counter did not accept is not refused, and may be booked again.
        Transition("book", frozenset({State.SUBMITTED, State.NOT_ACCEPTED}), State.BOOKED),
        Transition("unbook", frozenset({State.BOOKED}), State.SUBMITTED),
        # RD-01: a retiree card is handed in without an appointment.
        Transition("file", frozenset({State.BOOKED, State.SUBMITTED}), State.FILED),
        Transition("not_accept", frozenset({State.BOOKED, State.SUBMITTED}), State.NOT_ACCEPTED),
        Transition("examine", frozenset({State.FILED, State.PAPERS_ASKED}), State.IN_EXAMINATION),
        Transition("extend", frozenset({State.IN_EXAMINATION}), State.EXTENDED),
        Transition(
            "ask_papers", frozenset({State.IN_EXAMINATION, State.EXTENDED}), State.PAPERS_ASKED
        ),
        # Papers that did not come in time are decided without.
        Transition(
            "decide",
            frozenset({State.IN_EXAMINATION, State.EXTENDED, State.PAPERS_ASKED}),
            State.DECIDED,
        ),
        Transition("ready", frozenset({State.DECIDED}), State.PASSPORT_READY),
        Transition(
            "withdraw",
            frozenset({State.DRAFT, State.SUBMITTED, State.NOT_ACCEPTED} | _WITH_THE_AUTHORITY),
            State.WITHDRAWN,
        ),
    ],
)

DOCUMENT_WORKFLOW = Workflow(
    field="state",
    transitions=[
        # A paper that was refused is provided anew; the history keeps why.
        Transition(
            "provide",
            frozenset({DocumentState.EXPECTED, DocumentState.NOT_ACCEPTABLE}),
            DocumentState.PROVIDED,
        ),
        Transition("take_back", frozenset({DocumentState.PROVIDED}), DocumentState.EXPECTED),
        Transition(
            "check",
            frozenset(
                {DocumentState.EXPECTED, DocumentState.PROVIDED, DocumentState.NOT_ACCEPTABLE}
            ),
            DocumentState.CHECKED,
        ),
        Transition(
            "refuse",
            frozenset({DocumentState.EXPECTED, DocumentState.PROVIDED, DocumentState.CHECKED}),
            DocumentState.NOT_ACCEPTABLE,
        ),
    ],
)
