from django.utils import translation
from django.utils.translation import gettext_lazy as _

from portal.refusals import Refused


class TooLate(Refused):
    code = "too_late"
    message = _("Please enter %(name)s.")
    remedy = _("Monday")  # a word that Django itself translates
    rule_id = "RD-08"


def test_a_refusal_says_what_its_class_says():
    refusal = TooLate(params={"name": "Oran"})
    assert (refusal.code, refusal.rule_id) == ("too_late", "RD-08")
    assert str(refusal.message) == str(refusal) == "Please enter Oran."


def test_a_refusal_is_told_in_the_language_of_whoever_reads_it():
    refusal = TooLate(params={"name": "Oran"})
    with translation.override("de"):
        assert str(refusal.remedy) == "Montag"
    with translation.override("fr"):
        assert str(refusal.remedy).casefold() == "lundi"


def test_one_refusal_may_say_more_than_its_class():
    refusal = TooLate("The desk closed at %(hour)s.", code="closed", params={"hour": "16:00"})
    assert (refusal.code, str(refusal)) == ("closed", "The desk closed at 16:00.")


def test_a_percent_sign_without_placeholders_is_left_alone():
    assert str(Refused("100% of the seats are taken.")) == "100% of the seats are taken."
