"""Sentences of data retention (DP-03)."""

from django.utils.translation import gettext_lazy as _

from portal.wording import Wording

from .words import word

EVENTS = {
    "visa_expiry": _("the end of the visa"),
    "extended_visa_expiry": _("the end of the extended visa"),
    "file_creation": _("the opening of the file"),
    "refusal_decision": _("the refusal"),
    "annulment_decision": _("the annulment"),
    "revocation_decision": _("the revocation"),
}

RETENTION = {
    "KEPT_IN_VIS": Wording(
        _(
            "The Visa Information System keeps the data for at most %(years)s years, counted from "
            "%(event)s on %(start)s: until %(until)s."
        ),
        says={"event": word(EVENTS)},
    ),
    "DATE_OUT_OF_RANGE": Wording(_("One of the dates is too far away."), _("Check the dates.")),
}
