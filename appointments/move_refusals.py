"""Why a plan of new times is not computed, changed or applied."""

from django.utils.translation import gettext_lazy as _

from portal.refusals import Refused


class NotAnnounced(Refused):
    """The maintenance closes nothing yet, or nothing any more."""

    code = "NOT_ANNOUNCED"
    rule_id = "RD-06"
    message = _("This maintenance is not announced, so nobody has to move.")
    remedy = _("Announce it first; then begin the plan.")


class PlanChanged(Refused):
    """The plan is not the one that the person looked at."""

    code = "PLAN_CHANGED"
    rule_id = "RD-06"
    message = _("The plan is another one by now than the one you looked at. Nobody was moved.")
    remedy = _("Look at the plan as it is now, then confirm it again.")


class PlanNotReady(Refused):
    """The plan is being computed or applied, or is at its end."""

    code = "PLAN_NOT_READY"
    rule_id = "RD-06"
    message = _("This plan cannot be changed or applied now. It is: %(state)s.")
    remedy = _("Load the page again to see what can be done now.")


class NobodyToMove(Refused):
    """The plan has no move that could be applied."""

    code = "NOBODY_TO_MOVE"
    rule_id = "RD-06"
    message = _("The plan has a new time for nobody, so there is nothing to apply.")
    remedy = _("Add seats or hours and compute it again.")


class NotInThePlan(Refused):
    """The appointment is not one that the plan moves."""

    code = "NOT_IN_THE_PLAN"
    rule_id = "RD-06"
    message = _("This appointment is not in the plan, or need not move any more.")
    remedy = _("Compute the plan again to see who has to move.")


class SlotNotForIt(Refused):
    """The slot belongs to another centre or service, is closed, or has passed."""

    code = "SLOT_NOT_FOR_IT"
    rule_id = "RD-06"
    message = _("This time is closed, has passed, or belongs to another centre or service.")
    remedy = _("Choose another time.")


class HoursNotPossible(Refused):
    """Extra hours outside of what the centre's calendar knows."""

    code = "HOURS_NOT_POSSIBLE"
    rule_id = "RD-06"
    message = _("These hours cannot be added: %(why)s")
    remedy = _("Choose other hours.")
