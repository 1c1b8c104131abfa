"""Sentences of the 90/180 rule (ST-01 to ST-13)."""

from django.utils.translation import gettext_lazy as _

from portal.wording import Wording

from .words import COUNTRY

_CHECK_STAYS = _("Compare the dates with the stamps in the passport.")
_WHY = {
    "visa_from": _("the visa is not valid yet"),
    "visa_end": _("the visa has ended"),
    "visa_days": _("the days on the sticker are used up"),
    "90_180": _("the 90 days are used up"),
}
_OVERSTAY_REMEDY = _(
    "Leave as soon as you can, and keep proof of the day. Planning a later journey is still "
    "possible."
)

SHORT_STAY = {
    "OVER_LIMIT": Wording(
        _(
            "On this day you have been in the area for %(days_used)s days within the window, "
            "%(excess)s more than %(limit)s. The first day too many was %(first_overstay_day)s."
        ),
        _OVERSTAY_REMEDY,
    ),
    "ENTRY_NOT_POSSIBLE_YET": Wording(
        _("On %(entry)s the %(limit)s days are used up."),
        _("You may enter from %(earliest_entry)s on."),
    ),
    "TRIP_OVER_LIMIT": Wording(
        _(
            "With this journey the limit of %(limit)s days is passed on %(first_violation)s: "
            "%(peak_used)s days in the window. That day may lie in a journey you planned for later."
        ),
        _("Shorten the journey, or begin it later."),
    ),
    "ENTRY_NOT_POSSIBLE": Wording(
        _("You cannot enter on %(entry)s: %(why)s."),
        _("Choose another day, or apply for a new visa."),
        says={"why": lambda code: _WHY[str(code)]},
    ),
    "LEGACY_METHOD": Wording(
        _(
            "Before 18 October 2013 days were counted by another method. This page cannot judge "
            "%(day)s."
        ),
        _("Ask for a day from 18 October 2013 on."),
    ),
    "EXIT_BEFORE_ENTRY": Wording(_("The stay ends before it begins."), _CHECK_STAYS),
    "OPEN_STAY_NOT_LAST": Wording(
        _("This stay has no end, but another one follows."), _("Enter when it ended.")
    ),
    "UNKNOWN_STATE": Wording(_("No country has this name."), _CHECK_STAYS),
    "DATE_OUT_OF_RANGE": Wording(_("One of the dates is too far away."), _CHECK_STAYS),
    "TRIP_END_MISSING": Wording(
        _("The last day of the planned journey is missing."), _("Enter when you plan to leave.")
    ),
    "WANTED_DAYS_BELOW_ONE": Wording(
        _("A stay has at least one day."), _("Enter how many days you want to stay.")
    ),
    "VISA_ENDS_BEFORE_IT_STARTS": Wording(
        _("The visa ends before it starts."), _("Compare both dates with the sticker.")
    ),
    "DAYS_ON_STICKER_BELOW_ZERO": Wording(
        _("The number of days on the sticker cannot be right."), _("Look at the sticker again.")
    ),
    "OVERLAP": Wording(_("Two of the stays share days. These days count once."), _CHECK_STAYS),
    "PAST_OVERSTAY": Wording(
        _(
            "In an earlier stay you were in the area for too long: %(overstay_days)s days, from "
            "%(first_overstay_day)s on. Today you are within the limit."
        ),
        _("Be ready to explain it at the border and in your next application."),
    ),
    "WANTED_DAYS_OVER_LIMIT": Wording(
        _("Nobody may stay %(wanted)s days without a break: the limit is %(limit)s."),
        _("For a longer stay, ask for a long-stay visa."),
    ),
    "STATE_NOT_COUNTED": Wording(
        _(
            "On this day the following country does not belong to the area, so its days do not "
            "count: %(state)s."
        ),
        says={"state": COUNTRY},
    ),
    "BOUND_BY_90_180": Wording(_("The 90 days in 180 end your stay: leave by %(until)s.")),
    "BOUND_BY_VISA_END": Wording(_("The end of the visa ends your stay: leave by %(until)s.")),
    "BOUND_BY_VISA_DAYS": Wording(_("The days on the sticker end your stay: leave by %(until)s.")),
}
