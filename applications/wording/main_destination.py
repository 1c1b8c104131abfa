"""Sentences of the competent state (CO-01 to CO-09)."""

from django.utils.translation import gettext_lazy as _

from portal.wording import Wording

from .words import COUNTRY, Text

_NAMES = ("states", "state", "by", "suggested", "post", "first_entry")
_STATES = dict.fromkeys((*_NAMES, "alternative_if_purpose_prevails"), COUNTRY)

_SENTENCES: dict[str, tuple[Text, Text]] = {
    "COMPETENT_SOLE": (_("You visit one Schengen state, so you apply there: %(states)s."), ""),
    "COMPETENT_LONGEST": (_("You stay longest there, so you apply there: %(states)s."), ""),
    "COMPETENT_PURPOSE": (
        _("The main purpose of your journey lies there, so you apply there: %(states)s."),
        "",
    ),
    "COMPETENT_EQUAL_MAIN_DESTINATIONS": (
        _(
            "You stay equally long in several states. Each of them may take your application: "
            "%(states)s. The state of arrival alone is not responsible."
        ),
        "",
    ),
    "COMPETENT_FIRST_ENTRY": (
        _(
            "No main destination can be found, so the state you enter first is responsible: "
            "%(states)s."
        ),
        "",
    ),
    "COMPETENT_TRANSIT_SINGLE": (
        _("You only pass through one Schengen state, so you apply there: %(states)s."),
        "",
    ),
    "COMPETENT_TRANSIT_FIRST": (
        _(
            "You pass through several Schengen states. The one whose outer border you cross "
            "first is responsible: %(states)s."
        ),
        "",
    ),
    "NO_SCHENGEN_DESTINATION": (
        _("None of these countries belongs to the Schengen area on the day of travel."),
        _("Check the countries and the day, or ask the consulates of these countries."),
    ),
    "ASK_BEFORE_BOOKING": (
        _(
            "The longest stay and the main purpose point to different states. The text says "
            "“length or purpose”, so this state may see itself as responsible too: "
            "%(alternative_if_purpose_prevails)s."
        ),
        _("Ask the consulate of the longest stay before you book."),
    ),
    "WRONG_POST": (
        _("The state you chose is not the one responsible: %(post)s. Responsible: %(states)s."),
        _("Apply at a post of the responsible state. The other one may give the file back."),
    ),
    "ROUTE_NOT_PLAUSIBLE": (
        _("The route must fit the purpose of the journey."),
        _("Be ready to explain why you travel this way."),
    ),
    "LATER_VISITS_APART": (
        _(
            "Journeys that begin more than %(limit)s months after the first one are judged "
            "apart: %(later)s."
        ),
        _("Ask again for these journeys alone."),
    ),
    "STATES_NOT_COUNTED": (
        _("Not counted, because not in the Schengen area on that day: %(states)s."),
        "",
    ),
    "PURPOSE_NOT_COUNTED": (
        _("The main purpose lies in a country that is not one of your destinations: %(state)s."),
        "",
    ),
    "REPRESENTED_BY": (
        _("For this state another one takes the applications: %(state)s is represented by %(by)s."),
        "",
    ),
    "FREE_ROUTE": (
        _("You may enter the area through another Schengen state, if the route makes sense."),
        "",
    ),
}

MAIN_DESTINATION = {
    code: Wording(sentence, remedy, says=_STATES) for code, (sentence, remedy) in _SENTENCES.items()
}
