"""Why an answer to a challenge does not count; each time a new challenge is there at once."""

from django.utils.translation import gettext_lazy as _

from portal.refusals import Refused


class ChallengeRefused(Refused):
    """What all of them are; nothing that was typed elsewhere is lost."""

    code = "CHALLENGE_REFUSED"
    rule_id = "AT-04"


class ChallengeWrong(ChallengeRefused):
    """The answer is wrong, or came faster than anybody reads."""

    code = "CHALLENGE_WRONG"
    message = _("This was not the answer to the question. Nothing is lost.")
    remedy = _("Here is a new question. Take the time you need.")


class ChallengeExpired(ChallengeRefused):
    """It is too old, or was made for another page, another person or by somebody else."""

    code = "CHALLENGE_EXPIRED"
    message = _("This question is too old, or belongs to another page. Nothing is lost.")
    remedy = _("Here is a new one.")


class ChallengeUsed(ChallengeRefused):
    """The same challenge was answered a second time."""

    code = "CHALLENGE_USED"
    message = _("This question was answered already; each one counts once. Nothing is lost.")
    remedy = _("Here is a new one.")
