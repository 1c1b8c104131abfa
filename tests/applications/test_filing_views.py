"""The pages of an application: bad input, second tabs, double clicks, expired sessions."""

from datetime import date, timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.translation import override

from applications.models import Application
from applications.refusals import ChangedElsewhere, Incomplete, NotADraft
from portal.forms.fields import CivilDateField, NameField, PassportNumberField
from tests.actors import applicant_client, signed_in
from tests.factories import ApplicationFactory, MissionFactory, UserFactory
from tests.pages import held_by_form, says, text_of, typed_date

pytestmark = pytest.mark.django_db
TODAY = date.today()
TOMORROW = TODAY + timedelta(days=1)
MYSELF = {"person": "new:self"}
TRIP = typed_date("arrives_on", TODAY + timedelta(60)) | typed_date(
    "departs_on", TODAY + timedelta(70)
)
TRAVELLER = {
    "family_name": "Benali",
    "given_names": "Amine",
    "nationality": "DZ",
    **typed_date("birth_date", date(1988, 4, 12)),
}
PASSPORT = {
    "passport_number": "123456789",
    "blank_pages": "8",
    **typed_date("passport_issued_on", date(2021, 3, 1)),
    **typed_date("passport_expires_on", TODAY + timedelta(2000)),
}
GOOD = {
    "trip": TRIP,
    "route": {"leg-count": "0"},
    "traveller": TRAVELLER,
    "passport": PASSPORT,
    "occupation": {"category": "employee", "employer": "Librairie"},
    "stay": {"inviter": "Firma Weber", "lodging": "hotel", "own_means": "proven"},
    "earlier": {"earlier_visa": "first_application", "entries": "single"},
    "insurance": {},
    "contact": {"phone": "0551 23 45 67", "postal_address": "1, rue Didouche, Alger"},
}


@pytest.fixture
def draft():
    return ApplicationFactory()


@pytest.fixture
def client(draft):
    return applicant_client(draft.owner)


def step_url(application, slug):
    return reverse("applications:step", args=[application.pk, slug])


def send(client, application, slug, answers, version=None):
    """Send one step as the page would: with the version it was opened at."""
    seen = application.version if version is None else version
    return client.post(step_url(application, slug), {**answers, "version": str(seen)})


def stored(application):
    """Everything the row holds now."""
    row = Application.objects.get(pk=application.pk)
    return {field.attname: getattr(row, field.attname) for field in Application._meta.fields}


# --- What cannot be right

BAD = [
    # step, what is typed, the field that answers, the code of its answer
    ("trip", typed_date("arrives_on", TODAY) | {"arrives_on_day": "31", "arrives_on_month": "2"},
     "arrives_on", "day_beyond"),
    ("trip", {"arrives_on_day": "29", "arrives_on_month": "2", "arrives_on_year": "2027"},
     "arrives_on", "day_beyond"),
    ("trip", {"arrives_on_month": "13"}, "arrives_on", "month_unknown"),
    ("trip", {"arrives_on_day": "0"}, "arrives_on", "day_unknown"),
    ("trip", {"arrives_on_day": "trois"}, "arrives_on", "day_unknown"),
    ("trip", {"arrives_on_year": "27"}, "arrives_on", "year_unknown"),
    ("trip", {"arrives_on_day": ""}, "arrives_on", "day_missing"),
    ("trip", {"arrives_on_day": "1\x00"}, "arrives_on", "day_unknown"),
    ("trip", typed_date("arrives_on", TODAY - timedelta(1)), "arrives_on", "day_past"),
    ("trip", typed_date("departs_on", TODAY + timedelta(59)), "departs_on", None),
    ("trip", {"is_urgent": "on", "urgency_reason": "  "}, "urgency_reason", None),
    ("trip", {"is_urgent": "on", "urgency_reason": "a\x00b"}, "urgency_reason",
     "null_characters_not_allowed"),
    ("trip", {"urgency_reason": "ب" * 501}, "urgency_reason", "max_length"),
    ("traveller", typed_date("birth_date", TOMORROW), "birth_date", "day_future"),
    ("traveller", typed_date("birth_date", TODAY), "birth_date", None),  # after the issue
    ("traveller", {"family_name": ""}, "family_name", "required"),
    ("traveller", {"family_name": "N" * 200}, "family_name", "too_long"),
    ("traveller", {"family_name": "Benali 😀"}, "family_name", "signs"),
    ("traveller", {"family_name": "Ben\x00ali"}, "family_name", "invisible"),
    ("traveller", {"given_names": "Amine 2"}, "given_names", "digits"),
    ("traveller", {"given_names": "- '"}, "given_names", "no_letter"),
    ("traveller", {"nationality": "QQ"}, "nationality", "invalid_choice"),
    ("traveller", {"nationality": "D\x00"}, "nationality", "invalid_choice"),
    ("passport", typed_date("passport_expires_on", date(2021, 2, 28)),
     "passport_expires_on", None),
    ("passport", typed_date("passport_expires_on", date(2021, 3, 1)),
     "passport_expires_on", None),
    ("passport", typed_date("passport_issued_on", TOMORROW), "passport_issued_on", "day_future"),
    ("passport", {"passport_number": "12345😀"}, "passport_number", "signs"),
    ("passport", {"passport_number": "12345\x006"}, "passport_number", "signs"),
    ("passport", {"passport_number": "1" * 200}, "passport_number", "length"),
    ("passport", {"blank_pages": "-1"}, "blank_pages", "min_value"),
    ("passport", {"blank_pages": "101"}, "blank_pages", "max_value"),
    ("passport", {"blank_pages": "beaucoup"}, "blank_pages", "invalid"),
    ("passport", {"passport_defects": ["chewed"]}, "passport_defects", "invalid_choice"),
]  # fmt: skip


def bad_id(row):
    slug, typed, _field, _code = row
    return f"{slug}-" + ",".join(f"{k}={str(v)[:12]!a}" for k, v in typed.items())


@pytest.mark.parametrize("language", ["fr", "ar"])
@pytest.mark.parametrize(("slug", "typed", "field", "code"), BAD, ids=map(bad_id, BAD))
def test_bad_input_is_named_kept_and_changes_nothing(
    client, draft, slug, typed, field, code, language
):
    client.cookies["guichet_language"] = language
    before, answers = stored(draft), GOOD[slug] | typed
    response = send(client, draft, slug, answers)
    assert response.status_code == 422
    [problem] = response.context["form"].errors.as_data()[field]
    assert code in (None, problem.code)
    with override(language):
        assert f" – {problem.messages[0]}" in text_of(response)  # in the summary, behind its label
    held = held_by_form(response)
    for name, value in answers.items():
        assert [*([value] if isinstance(value, str) else value)] == held.get(name, [""]) or (
            value in ("  ", ["chewed"], "QQ", "D\x00")  # nothing to show, or no such choice
        )
    assert stored(draft) == before


@pytest.mark.parametrize(
    ("form_field", "code"),
    [
        (NameField, "signs"),
        (NameField, "too_long"),
        (CivilDateField, "day_beyond"),
        (PassportNumberField, "signs"),
    ],
)
def test_messages_speak_the_language_of_the_page(form_field, code):
    texts = {}
    for language in ("fr", "ar", "de", "en"):
        with override(language):
            texts[language] = str(form_field.default_error_messages[code])
    translated = {texts[language] for language in ("fr", "ar", "de")} - {texts["en"]}
    assert len(translated) in (0, 3)  # all languages, or catalogues not made yet


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("بن علي", "بن علي"),
        ("بـن عـلي", "بن علي"),  # stretched letters
        ("Bén-Älî", "Bén-Älî"),
        ("Be\u0301n", "Bén"),  # composed
        ("O’Neil", "O'Neil"),
        ("  d'Al   Qays ", "d'Al Qays"),
        ("N" * 100, "N" * 100),
        ("<b>&amp", None),
        ("Robert'); DROP TABLE x--", None),
    ],
    ids=ascii,
)
def test_names_as_people_bear_them_are_kept(client, draft, typed, kept):
    response = send(client, draft, "traveller", TRAVELLER | {"family_name": typed})
    draft.refresh_from_db()
    if kept is None:
        assert (response.status_code, draft.family_name) == (422, "Benali")
    else:
        assert (response.status_code, draft.family_name) == (302, kept)


def test_digits_of_an_arabic_keyboard_are_dates_and_numbers(client, draft):
    arabic = str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")
    answers = {name: value.translate(arabic) for name, value in PASSPORT.items()}
    assert send(client, draft, "passport", answers).status_code == 302
    draft.refresh_from_db()
    assert (draft.passport_number, draft.passport_issued_on) == ("123456789", date(2021, 3, 1))
    assert draft.blank_pages == 8


@pytest.mark.parametrize("mission", ["", "0", "x", "1\x00", "9" * 30])
def test_a_forged_mission_opens_no_application(mission):
    user = UserFactory()
    response = applicant_client(user).post(
        reverse("applications:start"), {"mission": mission, "visa_class": "short_stay", **MYSELF}
    )
    assert response.status_code == 422
    assert response.context["form"].errors.keys() == {"mission"}
    assert not Application.objects.filter(owner=user).exists()


def test_an_inactive_mission_is_not_offered():
    mission = MissionFactory(is_active=False)
    response = applicant_client(UserFactory()).post(
        reverse("applications:start"), {"mission": mission.pk, "visa_class": "short_stay", **MYSELF}
    )
    assert response.context["form"].errors.keys() == {"mission"}


def test_a_purpose_of_another_visa_is_refused(client, draft):
    response = send(client, draft, "purpose", {"purpose": "residence"})
    assert (response.status_code, stored(draft)["purpose"]) == (422, "tourism")


# --- Going on


def test_every_step_leads_to_the_next_and_the_last_to_the_check(client, draft):
    answers = {"visa": {"mission": draft.mission_id, "visa_class": "short_stay"},
               "purpose": {"purpose": "business"}, **GOOD}  # fmt: skip
    slugs = list(answers)
    for number, slug in enumerate(slugs):
        draft.refresh_from_db()
        response = send(client, draft, slug, answers[slug])
        last = number + 1 == len(slugs)
        assert response.url == (
            reverse("applications:check", args=[draft.pk])
            if last
            else step_url(draft, slugs[number + 1])
        )


def test_changing_the_visa_drops_a_purpose_that_does_not_belong_to_it(client, draft):
    send(client, draft, "visa", {"mission": draft.mission_id, "visa_class": "return_visa"})
    assert stored(draft)["purpose"] == "residence"


def test_rd_01_a_mission_without_walk_in_forgets_the_retiree_card(client, draft):
    Application.objects.filter(pk=draft.pk).update(retiree_card=True)
    germany = MissionFactory(state="DE")
    send(client, draft, "visa", {"mission": germany.pk, "visa_class": "short_stay"})
    assert stored(draft)["retiree_card"] is False


def test_the_overview_says_what_is_missing_and_the_check_waits_for_it(client, draft):
    Application.objects.filter(pk=draft.pk).update(passport_number="", blank_pages=None)
    overview = client.get(reverse("applications:detail", args=[draft.pk]))
    states = {task.url.split("/")[-2]: task.state for task in overview.context["tasks"]}
    assert states["passport"] == "neutral"
    assert {states[slug] for slug in ("visa", "trip", "traveller", "stay")} == {"done"}
    check = client.get(reverse("applications:check", args=[draft.pk]), follow=True)
    assert says(check, Incomplete.message)


def test_an_unknown_step_does_not_exist(client, draft):
    assert client.get(step_url(draft, "shoes")).status_code == 404


def test_pages_with_personal_answers_are_kept_by_no_browser(client, draft):
    for url in (step_url(draft, "passport"), reverse("applications:check", args=[draft.pk])):
        assert "no-store" in client.get(url)["Cache-Control"]


# --- Two windows, two clicks, no session


def test_a_second_tab_is_told_keeps_its_answers_and_can_send_them_again(client, draft):
    old = draft.version
    send(client, draft, "traveller", TRAVELLER | {"family_name": "First"})
    late = TRAVELLER | {"family_name": "Second"}
    refused = send(client, draft, "traveller", late, version=old)
    assert refused.status_code == 422
    assert says(refused, ChangedElsewhere.message)
    assert stored(draft)["family_name"] == "First"
    again = {name: values[0] for name, values in held_by_form(refused).items()}
    assert again["family_name"] == "Second"
    assert client.post(step_url(draft, "traveller"), again).status_code == 302
    assert stored(draft)["family_name"] == "Second"


@pytest.mark.parametrize("version", ["", "0", "-1", "9" * 40, "x", "1\x00"])
def test_a_forged_version_saves_nothing(client, draft, version):
    response = send(client, draft, "traveller", TRAVELLER | {"family_name": "X"}, version=version)
    assert (response.status_code, stored(draft)["family_name"]) == (422, "Benali")


def test_a_double_click_on_start_opens_one_application():
    user = UserFactory()
    client, mission = applicant_client(user), MissionFactory()
    answers = {"mission": mission.pk, "visa_class": "short_stay", **MYSELF}
    urls = {client.post(reverse("applications:start"), answers).url for _ in range(2)}
    assert (len(urls), Application.objects.filter(owner=user).count()) == (1, 1)


def test_a_second_traveller_gets_an_application_of_their_own(client, draft):
    send(client, draft, "traveller", TRAVELLER)
    answers = {"mission": draft.mission_id, "visa_class": "short_stay", **MYSELF}
    client.post(reverse("applications:start"), answers)
    assert Application.objects.filter(owner=draft.owner).count() == 2


TEXTS = {"texts": "commitments=2026-11 data_protection=2026-11"}
TICKED = {"commitments": "on", "data_protection": "on"}
AGREED = TEXTS | TICKED


def test_a_double_click_on_submit_submits_once(client, draft):
    url = reverse("applications:check", args=[draft.pk])
    assert client.post(url, AGREED).status_code == 302
    first = stored(draft)
    assert client.post(url, AGREED).url == reverse("applications:detail", args=[draft.pk])
    assert stored(draft) == first
    assert first["state"] == "submitted"


@pytest.mark.parametrize("missing", TICKED)
def test_nothing_is_submitted_without_agreeing(client, draft, missing):
    typed = {name: value for name, value in AGREED.items() if name != missing}
    response = client.post(reverse("applications:check", args=[draft.pk]), typed)
    assert response.status_code == 422
    assert response.context["form"].errors.keys() == {missing}
    assert stored(draft)["state"] == "draft"


def test_a_passport_at_risk_is_submitted_only_by_somebody_who_knows(client, draft):
    Application.objects.filter(pk=draft.pk).update(blank_pages=1)
    url = reverse("applications:check", args=[draft.pk])
    assert client.post(url, AGREED).context["form"].errors.keys() == {"passport_risk"}
    assert client.post(url, AGREED | {"passport_risk": "on"}).status_code == 302
    assert stored(draft)["passport_verdict"]["outcome"] == "inadmissible"


def test_a_submitted_application_is_not_edited_by_an_old_tab(client, draft):
    client.post(reverse("applications:check", args=[draft.pk]), AGREED)
    before = stored(draft)
    response = client.post(step_url(draft, "traveller"), TRAVELLER | {"version": "1"}, follow=True)
    assert says(response, NotADraft.message)
    assert stored(draft) == before


def test_what_was_typed_in_an_expired_session_waits_for_its_owner(draft):
    client = Client()
    typed = TRAVELLER | {"family_name": "Typed While Away", "version": str(draft.version)}
    door = client.post(step_url(draft, "traveller"), typed)
    assert door.url.startswith(reverse("account_request_login_code"))
    assert stored(draft)["family_name"] == "Benali"
    client.force_login(draft.owner)
    back = client.get(step_url(draft, "traveller"))
    assert held_by_form(back)["family_name"] == ["Typed While Away"]
    again = {name: values[0] for name, values in held_by_form(back).items()}
    assert client.post(step_url(draft, "traveller"), again).status_code == 302
    assert stored(draft)["family_name"] == "Typed While Away"


def test_an_application_begun_in_an_expired_session_is_still_there_after_signing_in():
    client, mission = Client(), MissionFactory()
    client.post(reverse("applications:start"), {"mission": mission.pk, "visa_class": "return_visa"})
    client.force_login(UserFactory())
    held = held_by_form(client.get(reverse("applications:start")))
    assert (held["mission"], held["visa_class"]) == ([str(mission.pk)], ["return_visa"])


def test_staff_without_the_application_do_not_find_it_here(draft):
    stranger = signed_in(UserFactory(is_staff=True), "password", "mfa")
    assert stranger.get(reverse("applications:detail", args=[draft.pk])).status_code == 404
