"""The words an application is described with."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class VisaClass(models.TextChoices):
    """What kind of visa is asked for; the values are those of the passport rules (PA-03…08)."""

    SHORT_STAY = "short_stay", _("Short stay, up to 90 days")
    LONG_STAY = "long_stay_general", _("Long stay, over 90 days")
    FAMILY_REUNIFICATION = "long_stay_family_reunification", _("Long stay: family reunification")
    RETURN = "return_visa", _("Return visa for a resident of the state of destination")


class Purpose(models.TextChoices):
    """Why somebody travels: the columns of the table of papers (DO-11)."""

    TOURISM = "tourism", _("Tourism")
    FAMILY_VISIT = "family_visit", _("Visit to family or friends")
    BUSINESS = "business", _("Business")
    EVENT = "event", _("Culture, sport, science or another event")
    MEDICAL = "medical", _("Medical treatment")
    STUDY_SHORT = "study_short", _("Short study or training")
    FAMILY_REUNION = "family_reunion", _("Joining family for a long stay")
    STUDY_WORK = "study_work", _("Long study or work")
    RESIDENCE = "residence", _("Going back to my home there")


PURPOSES = {
    VisaClass.SHORT_STAY: (
        Purpose.TOURISM,
        Purpose.FAMILY_VISIT,
        Purpose.BUSINESS,
        Purpose.EVENT,
        Purpose.MEDICAL,
        Purpose.STUDY_SHORT,
    ),
    VisaClass.LONG_STAY: (Purpose.STUDY_WORK, Purpose.FAMILY_REUNION),
    VisaClass.FAMILY_REUNIFICATION: (Purpose.FAMILY_REUNION,),
    VisaClass.RETURN: (Purpose.RESIDENCE,),
}


class PassportDefect(models.TextChoices):
    """What makes the condition of a passport unacceptable (PA-10).

    The name of a spouse printed in a passport is not a defect and not in this list (PA-11).
    """

    FILM = "film_missing_or_lifted", _("The film over the photo is missing or lifted")
    LAMINATED = "commercially_laminated", _("It was laminated in a shop")
    ALTERED = "scratched_erased_corrected", _("Something was scratched, erased or corrected")


class ApplicationState(models.TextChoices):
    """Where a file stands (AP-06)."""

    DRAFT = "draft", _("Draft")
    SUBMITTED = "submitted", _("Ready to book")
    BOOKED = "booked", _("Appointment booked")
    FILED = "filed", _("Handed in")
    IN_EXAMINATION = "in_examination", _("In examination")
    EXTENDED = "extended", _("Examination takes longer")
    PAPERS_ASKED = "papers_asked", _("More papers asked for")
    DECIDED = "decided", _("Decided")
    PASSPORT_READY = "passport_ready", _("Passport ready")
    WITHDRAWN = "withdrawn", _("Withdrawn")
    NOT_ACCEPTED = "not_accepted", _("Not accepted at the counter")


class Relation(models.TextChoices):
    """Who a traveller is to the holder of the account."""

    SELF = "self", _("Myself")
    SPOUSE = "spouse", _("My spouse")
    CHILD = "child", _("My child, or a child in my care")
    PARENT = "parent", _("My father or mother")
    OTHER_FAMILY = "other_family", _("Another member of my family")
    UNRELATED = "unrelated", _("Somebody who is not of my family")


class Lodging(models.TextChoices):
    """Where a traveller will live."""

    HOTEL = "hotel", _("In a hotel or a rented place")
    HOST = "host", _("With somebody who invites me")
    OWN = "own", _("In a home of my own or of my family")
    INSTITUTION = "institution", _("In a hospital, school, hall or with a company")


class Entries(models.TextChoices):
    """How often a visa shall allow to enter (DO-09)."""

    SINGLE = "single", _("Once")
    TWO = "two", _("Twice")
    MULTIPLE = "multiple", _("Several times")


class Consent(models.TextChoices):
    """Whether all who have parental authority agree to the journey of a minor."""

    BOTH = "both", _("Both parents agree and sign")
    SOLE = "sole", _("I alone have parental authority, and can prove it")
    OPEN = "open", _("The other parent has not signed yet")


class DecisionOutcome(models.TextChoices):
    """What an authority can decide of a visa."""

    GRANTED = "granted", _("Visa granted")
    REFUSED = "refused", _("Visa refused")
    ANNULLED = "annulled", _("Visa annulled")
    REVOKED = "revoked", _("Visa revoked")


class DocumentState(models.TextChoices):
    """Where one paper of a file stands."""

    EXPECTED = "expected", _("To bring")
    PROVIDED = "provided", _("Provided")
    CHECKED = "checked", _("Checked by an agent")
    NOT_ACCEPTABLE = "not_acceptable", _("Not acceptable")


class Translation(models.TextChoices):
    """Whether a paper was translated, and by whom (DO-06)."""

    NONE = "none", _("Not translated")
    UNSWORN = "unsworn", _("Translated by somebody else than a sworn translator")
    SWORN = "sworn", _("Translated by a sworn translator")
