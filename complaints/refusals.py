"""Why a case or a letter cannot be moved as asked."""

from django.utils.translation import gettext_lazy as _

from portal.refusals import Refused


class NotYourCase(Refused):
    """Somebody else handles the case, or it is none of the person's categories."""

    code = "NOT_YOUR_CASE"
    message = _("You do not handle this case.")
    remedy = _("Take it up first, or ask for it to be handed over to you.")


class NoAddress(Refused):
    """A letter needs an address."""

    code = "NO_ADDRESS"
    message = _("The letter has no postal address.")
    remedy = _("Enter it line by line, as it stands on an envelope.")


class AddressTooLong(Refused):
    """The address does not fit the window of the envelope."""

    code = "ADDRESS_TOO_LONG"
    message = _("The address has more lines than the window of the envelope shows.")
    remedy = _("Shorten it to six short lines.")


class NothingWritten(Refused):
    """A letter without a word of the handler would say nothing."""

    code = "NOTHING_WRITTEN"
    message = _("The letter says nothing in your own words.")
    remedy = _("Write in a few sentences what was found and decided.")


class NoAnswerYet(Refused):
    """A case cannot go to the post without a letter that answers it."""

    code = "NO_ANSWER_YET"
    message = _("There is no letter yet that answers this case.")
    remedy = _("Write the answer first.")
    rule_id = "RC-02"


class SamePerson(Refused):
    """Two people answer an appeal."""

    code = "SAME_PERSON"
    message = _("Whoever proposed the answer cannot confirm it.")
    remedy = _("Ask a colleague to look at it.")


class TwoPeople(Refused):
    """An appeal is not answered by one person alone."""

    code = "TWO_PEOPLE"
    message = _("An appeal is answered by two people.")
    remedy = _("Propose the answer; a colleague confirms it.")


class NothingToPost(Refused):
    """No letter waits to be printed."""

    code = "NOTHING_TO_POST"
    message = _("No letter waits to be printed.")


class PostedInTheFuture(Refused):
    """A letter cannot have been posted on a day to come, or before it was written."""

    code = "POSTED_IN_THE_FUTURE"
    message = _("The day of posting must lie between the date of the letter and today.")
    remedy = _("Correct the day.")


class AnsweredByPost(Refused):
    """An appeal is never answered by a message."""

    code = "ANSWERED_BY_POST"
    message = _("This case must be answered by post.")
    remedy = _("Write a letter.")
    rule_id = "RC-02"
