"""What is said beside each paper of a file: why it is asked for, and what would help."""

from __future__ import annotations

from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from .certificates import certificate_words
from .checklist import CHECKLIST
from .hosting_certificate import HOSTING_CERTIFICATE
from .passport import PASSPORT
from .words import PAPERS, Text

# Whatever a rule may find of a paper.
PAPER_FINDINGS = {**PASSPORT, **HOSTING_CERTIFICATE, **CHECKLIST}

# Why a proof is asked for: by its heading, where every applicant of the purpose needs it.
BY_HEADING: dict[str, Text] = {
    "always": _("Every application needs it."),
    "purpose": _("It shows why you travel."),
    "lodging": _("It shows where you will live."),
    "means": _("It shows how your stay and your return are paid for."),
    "ties": _("It shows what brings you back: family, work, property."),
}

# … and by the answer on which it depends.
BY_ANSWER: dict[str, Text] = {
    "own_means": _("You pay for your stay yourself, or in part."),
    "no_own_means": _("You do not pay for the whole of your stay yourself, so a host vouches."),
    "visits_relatives": _("You visit relatives."),
    "insurance_asked": _("It is asked for with this visa at this post."),
    "earlier_visa_used": _("You travelled there with an earlier visa."),
    "earlier_visa_unused": _("You had an earlier visa and did not travel with it."),
    "optional": _("It may help, and nobody asks for it."),
    "not_asked_for_this_purpose": _("It is not asked for with this visa."),
    "not_own_means": _("Somebody else pays for your stay."),
    "not_no_own_means": _("You pay for your stay yourself. A host may vouch all the same."),
    "not_visits_relatives": _("You do not visit relatives."),
    "not_insurance_asked": _("It is not asked for with this visa at this post."),
    "not_earlier_visa_used": _("You did not travel there with an earlier visa."),
    "not_earlier_visa_unused": _("There is no earlier visa that was not used."),
}

# Advice without a source: what makes a paper easy to accept; nothing rests on it.
ADVICE: dict[str, Text] = {
    "passport": _("Scan the page with the photo, whole and without reflections."),
    "photo": _("A recent photo from the front, on a light background."),
    "form": _("Print it, sign it, and scan every page."),
    "bank_statements": _("All pages, with your name on them, as recent as you can get them."),
    "work_certificate": _("As recent as you can get it, with the stamp of the employer."),
    "pay_slips": _("The last three, in their order."),
    "insurance": _("The certificate that names the days, the area and the amount covered."),
    "invitation": _("With the name, the address and the signature of the host."),
    "hosting_certificate": _("All pages. The original comes with you, and on the journey too."),
    "booking": _("With your name and the days of your stay."),
}


def why(heading: str, reason: str) -> Text:
    """Return why a proof is needed, optional or not needed."""
    return BY_ANSWER.get(reason) or BY_HEADING[heading]


def paper_name(kind: str, state: str = "") -> str:
    """Return a paper as the beginning of a line, by the name it has in the state it is for."""
    if kind == "hosting_certificate" and state:
        return str(certificate_words(state).name)
    return str(capfirst(str(PAPERS[kind])))
