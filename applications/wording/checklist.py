"""Sentences of the checklist (DO-01 to DO-11, AP-01)."""

from django.utils.translation import gettext_lazy as _

from portal.wording import Wording

from .words import CHANNELS, COUNTRY, HEADINGS, PAPERS, RISKS, Text, word

_SAYS = {
    "heading": word(HEADINGS),
    "any_of": word(PAPERS),
    "papers": word(PAPERS),
    "paper": word(PAPERS),
    "missing": word(PAPERS),
    "channel": word(CHANNELS),
    "states": COUNTRY,
    "risks": word(RISKS),
}
_BETTER_INSURANCE = _("Ask the insurer for a certificate that meets this point.")
_BRING = _("Bring it to the appointment.")

_SENTENCES: dict[str, tuple[Text, Text]] = {
    "ENTRY_CONDITION_MISSING": (
        _("Without this the file cannot be taken: %(any_of)s."),
        _BRING,
    ),
    "PROOF_OPEN": (
        _("%(heading)s: still open. One of these is enough: %(any_of)s."),
        _BRING,
    ),
    "ONE_APPLICATION_PER_PERSON": (
        _("Every person needs an application of their own. This one is for %(persons)s."),
        _("Begin an application for each person, babies too."),
    ),
    "PASSPORT_NOT_ADMISSIBLE": (
        _("The passport does not meet the rules, so the file cannot be taken."),
        _("See what the passport check says, and renew the passport."),
    ),
    "ORIGINAL_REQUIRED": (
        _("At the appointment the original is needed: %(paper)s."),
        _("Bring the original and a copy."),
    ),
    "ORIGINAL_NEVER_BY_POST": (
        _("Never send an original %(channel)s: %(paper)s."),
        _("Keep it and bring it to the appointment."),
    ),
    "FILE_IN_PERSON": (
        _("Papers of an application are handed in at the appointment, not %(channel)s: %(paper)s."),
        _BRING,
    ),
    "INSURANCE_AMOUNT_LOW": (
        _("The insurance covers %(amount)s euros. At least %(least)s are needed."),
        _BETTER_INSURANCE,
    ),
    "INSURANCE_AREA_LIMITED": (
        _("The insurance must be valid in all Schengen states, not only in: %(states)s."),
        _BETTER_INSURANCE,
    ),
    "INSURANCE_RISKS_MISSING": (
        _("The insurance does not cover: %(risks)s."),
        _BETTER_INSURANCE,
    ),
    "INSURANCE_STARTS_LATE": (
        _("The insurance starts on %(first_day)s, after your entry on %(entry)s."),
        _BETTER_INSURANCE,
    ),
    "INSURANCE_ENDS_EARLY": (
        _("The insurance ends on %(last_day)s, before your departure on %(exit)s."),
        _BETTER_INSURANCE,
    ),
    "NOT_A_TIE": (
        _("This does not show that you will return: %(papers)s."),
        _("Show what ties you to Algeria: family, work, property."),
    ),
    "CHILD_NEEDS_OWN_FILE": (
        _("A child that is entered in a parent's passport needs an application of their own."),
        "",
    ),
    "SWORN_TRANSLATION_HELPS": (
        _("A translation needs no legalisation. One by a sworn translator is more credible."),
        "",
    ),
    "TRANSLATION_NOT_NEEDED": (_("A passport is never translated."), ""),
    "BRING_ORIGINALS": (
        _("Bring the originals of what you upload to the appointment. Never send them by post."),
        "",
    ),
    "KEEP_PROOF_OF_STAY": (
        _("Keep proof of your stay in Germany: it is asked for at your next application."),
        "",
    ),
    "STATEMENTS_TOO_OLD": (
        _(
            "The bank statements end on %(issued)s. On %(handed_in)s, the day you hand them in, "
            "they must show the last %(months)s months."
        ),
        _("Ask the bank for new statements shortly before the appointment."),
    ),
    "BORDER_PAPERS_MISSING": (
        _("At the border you may be asked for this, and refused entry without it: %(missing)s."),
        _("Carry these papers in your hand luggage."),
    ),
    "BORDER_STILL_CHECKS": (
        _("You carry what the border may ask for. The conditions are still checked again."),
        "",
    ),
    "NO_COMPENSATION": (_("A refused entry gives no right to compensation."), ""),
}

CHECKLIST = {
    code: Wording(sentence, remedy, says=_SAYS) for code, (sentence, remedy) in _SENTENCES.items()
}

MULTIPLE_ENTRY = {
    "MULTIPLE_STEP": Wording(
        _(
            "Your earlier visas allow a visa for several entries, valid for %(years)s years and "
            "until %(longest_until)s at the longest."
        )
    ),
    "NO_MULTIPLE_STEP": Wording(
        _("Your earlier visas do not lead to a longer visa by themselves.")
    ),
    "MULTIPLE_CONDITIONS": Wording(
        _(
            "A visa for several entries needs convincing purpose and means, the will to return, "
            "and a reason to travel often."
        )
    ),
    "EARLIER_VISA_MISUSED": Wording(
        _("An earlier visa was not used as it should have been."),
        _("Explain it in a letter with proof."),
    ),
}

COMMITMENTS = {
    "COMMITMENTS_NOT_ACCEPTED": Wording(
        _("You have not confirmed the commitments yet."),
        _("Read them and confirm them before you submit."),
    ),
    "COMMITMENTS_CHANGED": Wording(
        _("The text of the commitments has changed since you confirmed it."),
        _("Read the new text and confirm it."),
    ),
}
