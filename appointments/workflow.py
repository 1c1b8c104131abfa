"""What may follow a state of an appointment, a walk-in, a release plan or a draw."""

from portal.workflow import Transition, Workflow

from .enums import (
    DRAW_TAKES_REQUESTS,
    LIVE_STATES,
    PLAN_IN_FORCE,
    WALK_IN_LIVE,
    DrawState,
    MaintenanceState,
    MovePlanState,
    ObjectionState,
    OfferState,
    PlanState,
    SignalState,
    TipOffState,
    WalkInState,
)
from .enums import AppointmentState as State

_BOOKED = frozenset({State.BOOKED})
_LIVE = frozenset(LIVE_STATES)

APPOINTMENT_WORKFLOW = Workflow(
    field="state",
    transitions=[
        Transition("cancel", _BOOKED, State.CANCELLED),
        Transition("arrive", _BOOKED, State.ARRIVED),
        Transition("call", frozenset({State.ARRIVED}), State.CALLED),
        Transition("serve", _LIVE, State.SERVED),
        # Also of somebody who left again before being served.
        Transition("miss", _LIVE, State.NO_SHOW),
        Transition("not_accept", _LIVE, State.NOT_ACCEPTED),
        # A mis-click, or somebody who came after all: within the day only.
        Transition("undo_arrive", frozenset({State.ARRIVED}), State.BOOKED),
        Transition("undo_call", frozenset({State.CALLED}), State.ARRIVED),
        Transition("undo_miss", frozenset({State.NO_SHOW}), State.BOOKED),
    ],
)

WALK_IN_WORKFLOW = Workflow(
    field="state",
    transitions=[
        Transition("call", frozenset({WalkInState.WAITING}), WalkInState.CALLED),
        Transition("serve", frozenset(WALK_IN_LIVE), WalkInState.SERVED),
        Transition("not_accept", frozenset(WALK_IN_LIVE), WalkInState.NOT_ACCEPTED),
        Transition("miss", frozenset(WALK_IN_LIVE), WalkInState.LEFT),
        Transition("undo_call", frozenset({WalkInState.CALLED}), WalkInState.WAITING),
        Transition("undo_miss", frozenset({WalkInState.LEFT}), WalkInState.WAITING),
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

TIP_OFF_WORKFLOW = Workflow(
    transitions=[Transition("see", frozenset({TipOffState.NEW}), TipOffState.SEEN)]
)

MAINTENANCE_WORKFLOW = Workflow(
    transitions=[
        Transition("announce", frozenset({MaintenanceState.DRAFT}), MaintenanceState.ANNOUNCED),
        Transition(
            "call_off",
            frozenset({MaintenanceState.DRAFT, MaintenanceState.ANNOUNCED}),
            MaintenanceState.CALLED_OFF,
        ),
    ]
)

_OPEN_PLAN = frozenset({MovePlanState.COMPUTING, MovePlanState.READY, MovePlanState.FAILED})

MOVE_PLAN_WORKFLOW = Workflow(
    transitions=[
        Transition("freeze", frozenset({MovePlanState.COMPUTING}), MovePlanState.READY),
        Transition("fail", frozenset({MovePlanState.COMPUTING}), MovePlanState.FAILED),
        Transition(
            "compute",
            frozenset({MovePlanState.READY, MovePlanState.FAILED}),
            MovePlanState.COMPUTING,
        ),
        Transition("begin", frozenset({MovePlanState.READY}), MovePlanState.APPLYING),
        Transition("apply", frozenset({MovePlanState.APPLYING}), MovePlanState.APPLIED),
        Transition("stop", frozenset({MovePlanState.APPLYING}), MovePlanState.READY),
        Transition("set_aside", _OPEN_PLAN, MovePlanState.SET_ASIDE),
    ]
)

OFFER_WORKFLOW = Workflow(
    transitions=[
        Transition("accept", frozenset({OfferState.OPEN}), OfferState.ACCEPTED),
        Transition("decline", frozenset({OfferState.OPEN}), OfferState.DECLINED),
        Transition("lapse", frozenset({OfferState.OPEN}), OfferState.LAPSED),
    ]
)

SIGNAL_WORKFLOW = Workflow(
    transitions=[
        Transition("look", frozenset({SignalState.NEW}), SignalState.LOOKED_AT),
        # Also after something was asked: clearing ends it.
        Transition(
            "clear",
            frozenset({SignalState.NEW, SignalState.LOOKED_AT, SignalState.ACTED_ON}),
            SignalState.CLEARED,
        ),
        # Several accounts can be concerned, one after the other.
        Transition(
            "act",
            frozenset({SignalState.NEW, SignalState.LOOKED_AT, SignalState.ACTED_ON}),
            SignalState.ACTED_ON,
        ),
    ]
)

OBJECTION_WORKFLOW = Workflow(
    transitions=[Transition("answer", frozenset({ObjectionState.OPEN}), ObjectionState.ANSWERED)]
)
