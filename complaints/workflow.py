"""What may follow a state of a case or a letter."""

from portal.workflow import Transition, Workflow

from .enums import CaseState as State
from .enums import LetterState

_HANDLED = frozenset({State.ASSIGNED, State.ASKED})

# One table for complaints and appeals; an appeal ends through `propose` and `confirm` only,
# which the operations and a constraint see to.
CASE_WORKFLOW = Workflow(
    transitions=[
        Transition("accept_language", frozenset({State.DOUBT}), State.RECEIVED),
        Transition("send_back", frozenset({State.DOUBT}), State.CLOSED),
        Transition("assign", frozenset({State.RECEIVED}), State.ASSIGNED),
        Transition("put_back", frozenset({State.ASSIGNED}), State.RECEIVED),
        Transition("hand_over", _HANDLED, State.ASSIGNED),
        Transition("ask", frozenset({State.ASSIGNED}), State.ASKED),
        Transition("hear", frozenset({State.ASKED}), State.ASSIGNED),
        Transition("propose", _HANDLED, State.PROPOSED),
        Transition("turn_down", frozenset({State.PROPOSED}), State.ASSIGNED),
        Transition("confirm", frozenset({State.PROPOSED}), State.TO_POST),
        Transition("answer_by_post", _HANDLED, State.TO_POST),
        Transition("close", frozenset({*_HANDLED, State.TO_POST}), State.CLOSED),
        # The answer was not sent after all: its handler writes another one.
        Transition("take_back", frozenset({State.TO_POST}), State.ASSIGNED),
        Transition("letter_returned", frozenset({State.CLOSED}), State.TO_POST),
        Transition(
            "withdraw",
            frozenset({State.DOUBT, State.RECEIVED, *_HANDLED, State.PROPOSED}),
            State.WITHDRAWN,
        ),
    ]
)

LETTER_WORKFLOW = Workflow(
    transitions=[
        Transition("finish", frozenset({LetterState.DRAFT}), LetterState.READY),
        Transition("print", frozenset({LetterState.READY}), LetterState.PRINTED),
        Transition("print_again", frozenset({LetterState.PRINTED}), LetterState.READY),
        Transition("dispatch", frozenset({LetterState.PRINTED}), LetterState.DISPATCHED),
        Transition("return", frozenset({LetterState.DISPATCHED}), LetterState.RETURNED),
        # By a new letter to another address; this one stays what it is.
        Transition("send_again", frozenset({LetterState.RETURNED}), LetterState.RETURNED),
        Transition(
            "cancel", frozenset({LetterState.DRAFT, LetterState.READY}), LetterState.CANCELLED
        ),
    ]
)
