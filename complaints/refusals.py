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


class OneAnswer(Refused):
    """A second person confirms what was proposed, and nothing that came in its place."""

    code = "ONE_ANSWER"
    message = _("One answer is proposed at a time, and it stays as it is until it is looked at.")
    remedy = _("Throw other drafts of an answer away, or ask a colleague to turn this one down.")


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


class CannotCount(Refused):
    """The store that counts attempts is away; nothing is taken without it."""

    code = "CANNOT_COUNT"
    message = _("This cannot be taken right now.")
    remedy = _("Try again in a few minutes. What you wrote is still on this page.")


class TooManyBegun(Refused):
    """One network begins more complaints or sends more files than people do."""

    code = "TOO_MANY_BEGUN"
    message = _("Very much was sent from your network today.")
    remedy = _(
        "Try again tomorrow or from another network, or write by post. What you wrote is still on "
        "this page."
    )


class TooManyComplaints(Refused):
    """One person, or one network, sends more complaints than people do."""

    code = "TOO_MANY_COMPLAINTS"
    message = _("Very many complaints were sent from your address or your network today.")
    remedy = _("Send it tomorrow, or by post. What you wrote is kept.")


class TooManyFiles(Refused):
    """More files than a complaint takes."""

    code = "TOO_MANY_FILES"
    message = _("A complaint takes at most five files.")
    remedy = _("Remove one first, or put several pages into one PDF.")


class NothingTold(Refused):
    """A complaint without a word."""

    code = "TEXT_MISSING"
    message = _("There is no text yet.")
    remedy = _("Write what happened.")
    rule_id = "CP-02"


class TooMuchTold(Refused):
    """A text longer than a complaint takes."""

    code = "TEXT_TOO_LONG"
    message = _("The text is too long for a complaint.")
    remedy = _("Shorten it, or attach the long version as a PDF. What you wrote is kept.")


class SubjectUnknown(Refused):
    """A subject that is none of the three (CP-01)."""

    code = "SUBJECT_UNKNOWN"
    message = _("A complaint is about one of three subjects.")
    remedy = _("Choose one of them.")
    rule_id = "CP-01"


class LongStayElsewhere(Refused):
    """A complaint about a long-stay visa (CP-03)."""

    code = "LONG_STAY_ELSEWHERE"
    message = _("This form takes complaints about Schengen visas, for stays of up to 90 days.")
    remedy = _("For a long stay, write to the visa section of the consulate itself.")
    rule_id = "CP-03"


class LanguageNotOffered(Refused):
    """A declared language that the mission does not take (CP-02)."""

    code = "LANGUAGE_NOT_OFFERED"
    message = _("The consulate does not take complaints in this language.")
    remedy = _("Choose one of the languages that are offered.")
    rule_id = "CP-02"


class NotThere(Refused):
    """A file, a counter or an application that is not on offer."""

    code = "NOT_ON_OFFER"
    message = _("One of your answers is none of those on offer.")
    remedy = _("Load the page again and choose anew. What you wrote is kept.")


class LanguageToAsk(Refused):
    """The language of the text is not clear, and its writer was not asked yet (CP-02)."""

    code = "LANGUAGE_TO_ASK"
    message = _("It is not clear in which language the text is written.")
    remedy = _("Say in which language it is. What you wrote is kept.")
    rule_id = "CP-02"


class ReadsLikeAppeal(Refused):
    """The text reads like an appeal, and its writer did not choose yet (CP-04)."""

    code = "READS_LIKE_APPEAL"
    message = _("This reads as if you contest a decision.")
    remedy = _("Choose whether it is a complaint or an appeal. What you wrote is kept.")
    rule_id = "CP-04"


class NotifiedInFuture(Refused):
    """Nobody was told of a decision on a day to come."""

    code = "NOTIFIED_IN_FUTURE"
    message = _("The day on which you were told of the decision lies in the future.")
    remedy = _("Enter the day on which the paper reached the person.")
    rule_id = "RC-06"


class ArrivedInFuture(Refused):
    """The stamp of arrival cannot be later than now, nor the postmark later than the stamp."""

    code = "ARRIVED_IN_FUTURE"
    message = _("The stamp of arrival cannot lie in the future, nor the postmark after it.")
    remedy = _("Compare both with the envelope.")
    rule_id = "RC-02"


class AlreadyRegistered(Refused):
    """The same letter seems to be in the register; whoever registers decides."""

    code = "ALREADY_REGISTERED"
    message = _("This letter seems to be registered already, as number %(number)s.")
    remedy = _("Look at that one first. If this is another letter, say why and register it too.")
    rule_id = "RC-02"


class NoDocument(Refused):
    """The text of a message is no appeal."""

    code = "NO_DOCUMENT"
    message = _("There is no signed letter: the text of a message alone is not an appeal.")
    remedy = _("Ask for the letter as a file, by post or by fax.")
    rule_id = "RC-01"


class NothingMissing(Refused):
    """Nobody is asked for what is there."""

    code = "NOTHING_MISSING"
    message = _("By what was seen so far, nothing is missing.")
    remedy = _("Record first that the signature or the letter of authority is missing.")
    rule_id = "RC-01"


class MailSettled(Refused):
    """Somebody else registered a mail or set it aside meanwhile."""

    code = "MAIL_SETTLED"
    message = _("Somebody has dealt with this e-mail already.")
    remedy = _("Load the page again.")


class CannotHandle(Refused):
    """The colleague has no cases of this category, or must not see this one."""

    code = "CANNOT_HANDLE"
    message = _("This colleague cannot take the case.")
    remedy = _("Choose somebody else.")


class OtherSubjectsOnly(Refused):
    """A complaint becomes another complaint, and never an appeal."""

    code = "OTHER_SUBJECTS_ONLY"
    message = _("A complaint can only be filed under another of the three subjects.")
    remedy = _("If it is an appeal, let it be entered in the register.")
    rule_id = "CP-01"


class CodeWrong(Refused):
    """Not the code that was mailed, if one was."""

    code = "CODE_WRONG"
    message = _("This is not the code of the e-mail.")
    remedy = _("Compare the six digits with the newest e-mail.")


class CodeExpired(Refused):
    """A code that is too old, was used, or was tried too often."""

    code = "CODE_EXPIRED"
    message = _("This code is not good any more.")
    remedy = _("Ask for a new one.")


class TooManyCodes(Refused):
    """More codes than anybody needs."""

    code = "TOO_MANY_CODES"
    message = _("Very many codes were asked for.")
    remedy = _("Look for the newest e-mail, also among unwanted mail, or try again in an hour.")


class CaseOver(Refused):
    """Nobody handles the case any more."""

    code = "CASE_OVER"
    message = _("This case is closed, so nobody would read a message.")
    remedy = _("If something is left, send a new complaint and name the number of this one.")


class TooManyMessages(Refused):
    """More messages about one case than anybody can read."""

    code = "TOO_MANY_MESSAGES"
    message = _("At most %(limit)s messages about one case can be sent in 24 hours.")
    remedy = _("Write again tomorrow, or put several questions into one message.")


class TooManyFilesOfCase(Refused):
    """More files than a message, or a case, takes."""

    code = "TOO_MANY_FILES_OF_CASE"
    message = _("A message takes at most %(message)s files, and a case %(case)s in all.")
    remedy = _("Put several pages into one PDF.")


class NoWayToAsk(Refused):
    """The person has no page to read a message on."""

    code = "NO_WAY_TO_ASK"
    message = _("This person gave no e-mail address, so they would never see a message.")
    remedy = _("Write a letter.")
