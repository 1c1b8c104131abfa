"""What may follow a state of an appointment, a release plan or a draw."""

from portal.workflow import Transition, Workflow

from .enums import DRAW_TAKES_REQUESTS, PLAN_IN_FORCE, DrawState, PlanState
from .enums import AppointmentState as State

_BOOKED = frozenset({State.BOOKED})

APPOINTMENT_WORKFLOW = Workflow(
    field="state",
    transitions=[
        Transition("cancel", _BOOKED, State.CANCELLED),
        Transition("serve", _BOOKED, State.SERVED),
        Transition("miss", _BOOKED, State.NO_SHOW),
        Transition("not_accept", _BOOKED, State.NOT_ACCEPTED),
    ],
)

PLAN_WORKFLOW = Workflow(
    field="state",
    transitions=[
        Transition("publish", frozenset({PlanState.DRAFT}), PlanState.PUBLISHED),
        Transition("begin", frozenset({PlanState.PUBLISHED}), PlanState.RUNNING),
        Transition("close", frozenset(PLAN_IN_FORCE), PlanState.CLOSED),
    ],
)

DRAW_WORKFLOW = Workflow(
    field="state",
    transitions=[
        Transition("begin", frozenset({DrawState.ANNOUNCED}), DrawState.COLLECTING),
        Transition("close", frozenset(DRAW_TAKES_REQUESTS), DrawState.CLOSED),
        Transition("draw", frozenset({DrawState.CLOSED}), DrawState.DRAWN),
        Transition("settle", frozenset({DrawState.DRAWN}), DrawState.SETTLED),
        Transition(
            "cancel", frozenset({*DRAW_TAKES_REQUESTS, DrawState.CLOSED}), DrawState.CANCELLED
        ),
    ],
)
