"""What may follow a state of an appointment."""

from portal.workflow import Transition, Workflow

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
