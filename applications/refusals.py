"""Why an application cannot be saved, submitted or checked as asked."""

from django.utils.translation import gettext_lazy as _

from portal.refusals import Refused


class ChangedElsewhere(Refused):
    """The application was saved in another window since this form was opened."""

    code = "CHANGED_ELSEWHERE"
    message = _("This application was changed in another window in the meantime.")
    remedy = _("What you typed here is still in the form. Check it and send it again to keep it.")


class NotADraft(Refused):
    """The application was submitted and can no longer be edited."""

    code = "NOT_A_DRAFT"
    message = _("This application was already submitted, so it cannot be changed here.")
    remedy = _("Open it and choose “Correct my answers” first.")


class Incomplete(Refused):
    """Something the application needs was not answered yet."""

    code = "INCOMPLETE"
    message = _("Some answers are still missing.")
    remedy = _("Complete the steps that are marked as not finished.")


class ReasonMissing(Refused):
    """A paper was refused without telling the applicant why."""

    code = "REASON_MISSING"
    message = _("A paper that is not acceptable needs a reason.")
    remedy = _("Write in one sentence what is wrong with it.")
