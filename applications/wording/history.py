"""What happened to a file, in the words its traveller reads.

Only what is named here is ever told; who did it at the consulate is not.
"""

from django.utils.translation import gettext_lazy as _

from .words import Text

# By the action in the audit trail: done by the traveller, and done by anybody else.
BY_TRAVELLER: dict[str, Text] = {
    "application.start": _("You began this application."),
    "application.submit": _("You submitted your answers."),
    "application.correct": _("You took the application back to correct your answers."),
    "application.withdraw": _("You withdrew the application."),
    "appointment.book": _("You booked an appointment."),
    "appointment.cancel": _("You cancelled the appointment."),
}
BY_OTHERS: dict[str, Text] = {
    "application.start": _("This application was begun for you."),
    "application.file": _(
        "The counter accepted the file. The time for the decision runs from here."
    ),
    "application.not_accept": _("The counter could not accept the file. This is not a refusal."),
    "application.passport_seen": _("The counter recorded what the passport shows."),
    "application.examine": _("The examination began."),
    "application.extend": _("The examination takes longer, because more checks are needed."),
    "application.ready": _("The passport can be fetched."),
    "application.withdraw": _("The application was closed."),
    "appointment.book": _("An appointment was booked for you."),
    "appointment.move": _("Your appointment was moved."),
    "appointment.cancel": _("The centre cancelled the appointment."),
    "appointment.miss": _("The appointment passed, and the file was not handed in."),
    "document.check": _("Checked and accepted: %(paper)s."),
    "document.refuse": _("Not acceptable: %(paper)s."),
}
# The reason that staff gave was told to the traveller as well; all other reasons stay inside.
WITH_REASON = frozenset(("application.not_accept", "appointment.cancel", "document.refuse"))
# The rule beside what happened.
RULES = {"application.file": "AP-05", "application.not_accept": "PA-12"}

ASKED = _("The consulate asked for papers, to be there by %(day)s.")
ANSWERED = _("You said that the papers are there.")
UNANSWERED = _("The examination went on without the papers that were asked for.")
DECIDED: dict[str, Text] = {
    "granted": _("The authority granted the visa."),
    "refused": _("The authority refused the visa."),
    "annulled": _("The authority annulled the visa."),
    "revoked": _("The authority revoked the visa."),
}
NOTIFIED = _("The decision was handed over.")
