"""What may follow a state of an appointment, or of a release plan."""

from portal.workflow import Transition, Workflow

from .enums import PLAN_IN_FORCE, PlanState
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
