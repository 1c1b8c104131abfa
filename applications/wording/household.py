"""Sentences about the people of one account (AP-01, AT-05)."""

from django.utils.translation import gettext_lazy as _

from portal.wording import Wording

HOUSEHOLD = {
    "GUARDIAN_NEEDED": Wording(
        _(
            "Somebody under %(age)s cannot apply alone: an adult who has care of the child signs "
            "the application and comes to the appointment."
        ),
        _("Choose the guardian. If nobody is listed, add yourself to your household first."),
    ),
    "GUARDIAN_NOT_ADULT": Wording(
        _("A guardian must be %(age)s or older, and the date of birth must be known."),
        _("Choose another person, or complete the date of birth of this one."),
    ),
}

REVIEW = {
    "MANY_UNRELATED_ADULTS": Wording(
        _(
            "This account files for %(adults)s adults who are not of one family; from more than "
            "%(limit)s on, an agent looks at the files. It protects travellers against people "
            "who sell appointments."
        ),
        _("You need not do anything. The files can be completed and appointments booked."),
    ),
}
