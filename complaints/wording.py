"""Sentences of the complaint and appeal rules (CP-01 to CP-05, RC-01 to RC-06)."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from applications.wording.remedies import DECISION_REMEDIES
from applications.wording.words import Text, appeal_body
from portal.wording import Wording

LANGUAGES: dict[str, Text] = {
    "fr": _("French"),
    "de": _("German"),
    "en": _("English"),
    "ar": _("Arabic"),
    "ary": _("Arabic"),
    "es": _("Spanish"),
    "it": _("Italian"),
    "tr": _("Turkish"),
    "nl": _("Dutch"),
    "pt": _("Portuguese"),
    "kab": _("Kabyle"),
}


def language_name(code: Any) -> Text:
    """Return a language in words; one that is new in the data is shown by its code."""
    return LANGUAGES.get(str(code), str(code))


_LANGUAGE = dict.fromkeys(("language", "languages", "accepted", "declared", "looks"), language_name)
_CHOOSE = _(
    "Say in which language it is written, write it again, or send it as it is: then a person "
    "decides. What you wrote is kept."
)
_BODY = {"body": appeal_body}
_OFFICER = _("Look at it and record what you decide.")

LANGUAGE = {
    "LANGUAGE_ACCEPTED": Wording(_("The text is written in %(language)s."), says=_LANGUAGE),
    "LANGUAGE_CONFIRMED": Wording(
        _("The writer confirms that the text is in %(language)s."), says=_LANGUAGE
    ),
    "TEXT_MISSING": Wording(_("There is no text yet."), _("Write what happened.")),
    "NO_OWN_WORDS": Wording(
        _("There are only quotations, numbers or signs, and no words of your own."),
        _("Write in your own words what happened. What you wrote is kept."),
    ),
    "TEXT_TOO_SHORT": Wording(
        _("With fewer than %(letters)s letters nobody can tell the language."), _CHOOSE
    ),
    "ARABIC_WORDS": Wording(
        _("The text holds Arabic words. Complaints are read in: %(accepted)s."),
        _CHOOSE,
        says=_LANGUAGE,
    ),
    "DARIJA_WORDS": Wording(
        _(
            "The text holds Arabic words in Latin letters and digits. Complaints are read in: "
            "%(accepted)s."
        ),
        _CHOOSE,
        says=_LANGUAGE,
    ),
    "SECOND_LANGUAGE": Wording(
        _("Parts are in different languages: %(languages)s. Complaints are read in: %(accepted)s."),
        _CHOOSE,
        says=_LANGUAGE,
    ),
    "LANGUAGE_NOT_READ": Wording(
        _("The text looks like %(language)s. Complaints can only be handled in: %(accepted)s."),
        _CHOOSE,
        says=_LANGUAGE,
    ),
    "LANGUAGE_UNSURE": Wording(
        _("It is not clear in which language this is. Complaints are read in: %(accepted)s."),
        _CHOOSE,
        says=_LANGUAGE,
    ),
    "DECLARED_OTHERWISE": Wording(
        _("You chose %(declared)s, and the text looks like %(looks)s."), _CHOOSE, says=_LANGUAGE
    ),
    "AGENT_READS_LANGUAGE": Wording(
        _("A person at the consulate looks at the language and decides."),
        _("You need not do anything. What you wrote is kept."),
    ),
}

SUBJECTS = {
    "SUBJECT_UNKNOWN": Wording(
        _("A complaint is about one of three subjects."), _("Choose one of them.")
    ),
    "ONE_SUBJECT_EACH": Wording(
        _("These are %(count)s subjects: they become %(count)s complaints, each with a number.")
    ),
    "LONG_STAY_ELSEWHERE": Wording(
        _("This form takes complaints about Schengen visas, for stays of up to 90 days."),
        _("For a long stay, write to the visa section of the consulate itself."),
    ),
}

TRIAGE = {
    "READS_LIKE_APPEAL": Wording(
        _(
            "This reads as if you contest a decision. A complaint cannot change a refusal, an "
            "annulment or a revocation, and it does not stop the time to appeal."
        ),
        _("Choose: appeal where it counts, or send this as a complaint. What you wrote is kept."),
    ),
    "COMPLAINT_AND_APPEAL": Wording(
        _(
            "This reads like two things: a complaint, and an appeal against a decision. A "
            "complaint cannot change a decision, and it does not stop the time to appeal."
        ),
        _("Send each on its own way. What you wrote is kept."),
    ),
    "DECISION_MENTIONED": Wording(
        _("You mention a decision. A complaint does not change it; only an appeal can.")
    ),
}

DOORS = DECISION_REMEDIES | {
    "LONG_STAY_ELSEWHERE": SUBJECTS["LONG_STAY_ELSEWHERE"],
    "COMPLAINT_CHANGES_NO_DECISION": Wording(
        _("A complaint is about how you were treated. It changes no decision on a visa.")
    ),
    "IN_ORDER_OF_ARRIVAL": Wording(
        _("Appeals are handled in order of arrival, and answered by post. Asking changes nothing.")
    ),
    "SILENCE_MAY_BE_REFUSAL": Wording(
        _(
            "Some lawyers read no answer to an application within %(months)s months as a "
            "refusal. This is information, not advice."
        )
    ),
    "WRITTEN_AND_SIGNED": Wording(
        _(
            "Write it, sign it by hand, and send it as a file, by post or by fax. The text of an "
            "e-mail alone is no appeal."
        )
    ),
    "INFORMAL_IN_WRITING": Wording(_("No form is asked for, but it must be in writing.")),
    "ACTION_NOT_EMBASSY": Wording(
        _("This is an action at the court. The embassy takes no appeals against it any more.")
    ),
    "FORM_ON_THE_PAPER": Wording(
        _("In what form it must be written is said on the paper you received.")
    ),
}

ADMISSIBILITY = DOORS | {
    "TEXT_IS_NO_APPEAL": Wording(
        _("This is the text of a message and not yet an appeal."),
        _("Ask for a signed appeal as a file, by post or by fax, and name the last day."),
    ),
    "SIGNATURE_MISSING": Wording(
        _("The appeal is not signed."), _("Ask for the signature and set a day for it.")
    ),
    "SIGNATURE_UNSEEN": Wording(_("Nobody has looked for the signature yet."), _OFFICER),
    "FORM_UNKNOWN": Wording(_("No source says what form this appeal must have."), _OFFICER),
    "AUTHORITY_LETTER_MISSING": Wording(
        _("Somebody else appeals, without a letter of authority."),
        _("Ask for the letter and set a day for it."),
    ),
    "AUTHORITY_LETTER_UNSEEN": Wording(
        _("Nobody has looked for the letter of authority yet."), _OFFICER
    ),
    "STANDING_UNCLEAR": Wording(_("It is not clear whether this person may appeal."), _OFFICER),
    "NOTIFICATION_UNKNOWN": Wording(
        _("Without the day of notification nobody can tell whether it is in time."),
        _("Ask for that day, or take it from the file."),
    ),
    "ARRIVED_BEFORE_NOTIFICATION": Wording(
        _("It arrived before the notification of %(notified)s."), _("Compare the two days.")
    ),
    "NO_DEADLINE_KNOWN": Wording(
        _("No source names a last day for this; the decision itself does."), _OFFICER
    ),
    "POSTED_IN_TIME": Wording(
        _(
            "It was posted on %(postmark)s and arrived after the last day, %(last_day)s. The "
            "sources do not say which of the two counts."
        ),
        _OFFICER,
    ),
    "POSTMARK_UNREADABLE": Wording(
        _(
            "It arrived after the last day, %(last_day)s, and no postmark can be read. The "
            "sources do not say whether the day of posting counts."
        ),
        _OFFICER,
    ),
    "LAST_DAY_WAS_CLOSED": Wording(
        _(
            "The last day, %(last_day)s, was no working day there, and it arrived on the next "
            "one. The sources do not say whether that counts."
        ),
        _OFFICER,
    ),
    "ARRIVED_LATE": Wording(
        _("The last day was %(last_day)s, until midnight at the authority. It arrived later."),
        _("Mark it as late. It stays registered; the authority decides."),
    ),
    "ANOTHER_BODY_DECIDES": Wording(
        _("Not this post decides on it, but %(body)s, until %(last_day)s."),
        _("Pass it on at once, and tell the person."),
        says=_BODY,
    ),
}

# What the verdict on an appeal comes to, in a few words for lists.
OUTCOMES: dict[str, Text] = {
    "not_an_appeal": _("Not yet an appeal"),
    "elsewhere": _("Another authority decides"),
    "late": _("Late"),
    "deficient": _("Something is missing"),
    "officer_decides": _("An officer must look"),
    "admissible": _("Nothing speaks against it"),
}

MAIL_NOTES: dict[str, Text] = {
    "too_big": _(
        "It is too big: only its beginning is kept here. The whole mail is in the mailbox."
    ),
    "unreadable": _("It could not be taken apart."),
    "broken_tree": _("Its parts do not fit together; it is shown as it came."),
    "too_many_parts": _("It has more parts than are looked at."),
    "too_many_files": _("It has more files than are taken; the others are in the mailbox."),
    "file_refused": _("A file was not taken. It is in the mailbox."),
    "charset": _("Some signs may be wrong."),
    "only_html": _("It had formatted text alone; the words are shown."),
    "no_sender": _("It names no sender, or several."),
    "forged": _("The mail server says that the sender is forged."),
    "automatic": _("A machine or a mailing list sent it."),
}


def mail_note(code: str) -> Text:
    """Return a note on a mail in words; what follows a colon says more to technicians."""
    return MAIL_NOTES.get(code.partition(":")[0], code)
