"""Hosting certificates: entered once, judged for the day of deposit, used by a whole family."""

from __future__ import annotations

import uuid
from datetime import timedelta

import pytest
from django.db import IntegrityError, connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from applications.hosting_cards import certificate_cards, hub_card
from applications.hosting_need import HostingNeed, hosting_need
from applications.models import Application, HostedApplication, HostingCertificate
from applications.operations import hosting
from applications.refusals import (
    CertificateHandedIn,
    CertificateKnown,
    ChangedElsewhere,
    ConfirmedInFuture,
    CoversNobody,
    CoversSeveralStates,
)
from applications.verdicts import hosting_verdict_of
from portal.audit.models import Entry
from portal.dates import add_months, civil_date
from tests.actors import applicant_client
from tests.factories import ApplicationFactory, MissionFactory, UserFactory
from tests.pages import held_by_form, says, text_of, typed_date

NOBODYS = "0b9c6d7e-0000-4000-8000-000000000000"  # the same in every worker of the tests
pytestmark = pytest.mark.django_db
LIST, ADD = "applications:hosting", "applications:hosting_add"


def today():
    return civil_date(timezone.now())


def german(owner=None, **fields):
    fields.setdefault("details", {"own_means": "none"})
    fields.setdefault("purpose", "family_visit")
    return ApplicationFactory(
        owner=owner or UserFactory(), mission=MissionFactory(state="DE"), **fields
    )


def paper(**answers):
    return {
        "host_name": "Karim Benali",
        "authority": "Stadt Köln",
        "number": "VE 2026/4711",
        "confirmed_on": today() - timedelta(days=30),
        "covers_from": None,
        "covers_until": None,
        **answers,
    }


def added(application, *others, **answers):
    covers = [application.pk, *(one.pk for one in others)]
    return hosting.add_certificate(owner=application.owner, answers=paper(**answers), covers=covers)


def typed(*applications, **answers):
    given = paper(**answers)
    dates = {}
    for name in ("confirmed_on", "covers_from", "covers_until"):
        day = given.pop(name)
        dates |= typed_date(name, day) if day else {}
    return {**given, **dates, "covers": [str(one.pk) for one in applications]}


# --- who needs it (HO-05) ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("purpose", "means", "need"),
    [
        ("family_visit", "none", HostingNeed.NEEDED),
        ("family_visit", "partly", HostingNeed.NEEDED),
        ("family_visit", "proven", HostingNeed.ONE_OF_SEVERAL),  # for the lodging
        ("tourism", "none", HostingNeed.NEEDED),
        ("tourism", "proven", HostingNeed.OPTIONAL),
        ("study_short", None, HostingNeed.OPTIONAL),
        ("residence", "none", HostingNeed.NOT_ASKED),
        ("", "none", HostingNeed.NOT_ASKED),
    ],
)
def test_a_certificate_is_asked_for_when_the_rules_need_it(purpose, means, need):
    application = german(purpose=purpose, details={"own_means": means} if means else {})
    assert hosting_need(application, today()) is need


def test_the_page_of_a_file_asks_for_nothing_that_is_not_needed():
    assert hub_card(german(purpose="residence", visa_class="return_visa")) is None
    assert hub_card(german()).need is HostingNeed.NEEDED


# --- the verdict ------------------------------------------------------------------------------


def test_without_a_certificate_there_is_no_verdict():
    assert hosting_verdict_of(german(), today()) is None


def test_a_certificate_is_fresh_for_six_months_and_not_a_day_longer():
    application = german()
    confirmed = today() - timedelta(days=30)
    added(application, confirmed_on=confirmed)
    last = add_months(confirmed, 6)
    assert hosting_verdict_of(application, last).outcome == "accepted"
    stale = hosting_verdict_of(application, last + timedelta(days=1))
    assert stale.outcome == "rejected"
    assert "STALE" in stale.codes()


def test_the_certificate_is_judged_for_the_day_of_the_appointment():
    application = german()
    added(application, confirmed_on=add_months(today(), -5))
    card = hub_card(application).covered
    assert (card.day, card.is_appointment, card.outcome) == (today(), False, "accepted")
    application.appointment_day = today() + timedelta(days=60)
    application.save()
    card = hub_card(application).covered
    assert (card.day, card.is_appointment) == (application.appointment_day, True)
    assert card.outcome == "rejected"


def test_a_certificate_never_proves_the_return():
    application = german()
    added(application)
    verdict = hosting_verdict_of(application, today())
    assert verdict.results["proves_return"] is False
    assert "DOES_NOT_PROVE_RETURN" in verdict.codes()


@pytest.mark.parametrize(
    ("days_before_limit", "warned"), [(15, False), (14, True), (0, True)], ids=str
)
def test_a_decision_expected_after_the_six_months_is_warned_of(days_before_limit, warned):
    application = german()
    confirmed = today() - timedelta(days=30)
    added(application, confirmed_on=confirmed)
    deposit = add_months(confirmed, 6) - timedelta(days=days_before_limit)
    verdict = hosting_verdict_of(application, deposit)
    assert verdict.outcome == "accepted"
    assert verdict.codes().count("DECISION_AFTER_SIX_MONTHS") == warned


@pytest.mark.parametrize(
    ("first", "last", "outcome"),
    [(60, 400, "accepted"), (60, None, "accepted"), (60, 399, "rejected"), (61, 400, "rejected")],
)
def test_a_long_stay_is_covered_whole(first, last, outcome):
    start = today()
    application = german(
        visa_class="long_stay_general",
        purpose="study_work",
        arrives_on=start + timedelta(days=60),
        departs_on=start + timedelta(days=400),
    )
    until = last and start + timedelta(days=last)
    added(application, covers_from=start + timedelta(days=first), covers_until=until)
    assert hosting_verdict_of(application, start).outcome == outcome


def test_a_short_stay_is_not_compared_with_the_days_covered():
    application = german()
    added(application, covers_from=today(), covers_until=today())
    assert hosting_verdict_of(application, today()).outcome == "accepted"


def test_a_copy_at_the_counter_is_rejected_and_the_original_accepted():
    application = german()
    added(application)
    row = application.hosted
    hosting.note_original(hosted=row, original=False, actor=UserFactory(is_staff=True))
    assert "NOT_ORIGINAL" in hosting_verdict_of(application, today()).codes()
    hosting.note_original(hosted=row, original=True, actor=UserFactory(is_staff=True))
    assert hosting_verdict_of(application, today()).outcome == "accepted"


def test_what_the_rules_do_not_know_is_not_judged():
    french = ApplicationFactory(purpose="family_visit", details={"own_means": "none"})
    added(french, confirmed_on=today() - timedelta(days=400))
    verdict = hosting_verdict_of(french, today())
    assert (verdict.outcome, verdict.findings) == ("not_judged", ())


# --- operations -------------------------------------------------------------------------------


def test_one_certificate_serves_a_family():
    father = german()
    mother, child = german(owner=father.owner), german(owner=father.owner)
    certificate = added(father, mother, child)
    assert set(certificate.applications.all()) == {father, mother, child}
    assert certificate.state == "DE"
    entry = Entry.objects.get(action="hosting.add")
    assert "4711" not in str(entry.details)


def test_sending_the_form_twice_enters_one_certificate():
    application = german()
    assert added(application) == added(application)
    with pytest.raises(CertificateKnown):
        added(application, authority="Stadt Bonn")
    assert HostingCertificate.objects.count() == 1


def test_a_number_is_the_same_however_it_is_typed():
    application = german()
    added(application)
    with pytest.raises(CertificateKnown):
        added(application, number="ve-2026-4711", authority="Stadt Bonn")


def test_the_database_itself_refuses_a_number_twice_in_one_account():
    twin = HostingCertificate.objects.get(pk=added(german()).pk)
    twin.pk = uuid.uuid4()
    with pytest.raises(IntegrityError, match="one_certificate_per_number_and_account"):
        twin.save(force_insert=True)


def test_tomorrow_is_refused_and_today_is_not():
    application = german()
    with pytest.raises(ConfirmedInFuture):
        added(application, confirmed_on=today() + timedelta(days=1))
    assert added(application, confirmed_on=today())


def test_a_certificate_needs_somebody_of_one_state():
    application = german()
    french = ApplicationFactory(owner=application.owner)
    with pytest.raises(CoversSeveralStates):
        added(application, french)
    with pytest.raises(CoversNobody):
        hosting.add_certificate(owner=application.owner, answers=paper(), covers=[])


def test_nobody_covers_the_application_of_another_account():
    mine, foreign = german(), german()
    with pytest.raises(Application.DoesNotExist):
        added(mine, foreign)
    assert not HostedApplication.objects.exists()


def test_a_new_certificate_takes_an_application_over():
    application = german()
    other = german(owner=application.owner)
    old = added(application, other)
    new = added(application, number="VE 2")
    assert list(new.applications.all()) == [application]
    assert list(old.applications.all()) == [other]


def test_a_changed_paper_has_not_been_seen_yet():
    application = german()
    certificate = added(application)
    hosting.note_original(
        hosted=application.hosted, original=True, actor=UserFactory(is_staff=True)
    )

    def change(version, **answers):
        return hosting.change_certificate(
            certificate_id=certificate.pk,
            owner=application.owner,
            answers=paper(**answers),
            covers=[application.pk],
            seen_version=version,
        )

    change(1)
    assert HostedApplication.objects.get().original is True
    change(2, number="VE 9")
    assert HostedApplication.objects.get().original is None
    with pytest.raises(ChangedElsewhere):
        change(2, number="VE 10")


@pytest.mark.parametrize("state", ["filed", "in_examination", "decided"])
def test_what_was_handed_in_stays_as_it_is(state):
    filed = german(submitted=True)
    other = german(owner=filed.owner)
    certificate = added(filed, other)
    Application.objects.filter(pk=filed.pk).update(state=state)

    def change(covers, **answers):
        version = HostingCertificate.objects.get().version
        hosting.change_certificate(
            certificate_id=certificate.pk,
            owner=filed.owner,
            answers=paper(**answers),
            covers=covers,
            seen_version=version,
        )

    with pytest.raises(CertificateHandedIn):
        hosting.remove_certificate(certificate_id=certificate.pk, owner=filed.owner)
    with pytest.raises(CertificateHandedIn):
        change([filed.pk, other.pk], number="VE 2")
    with pytest.raises(CertificateHandedIn):
        change([other.pk])
    change([filed.pk])  # the other one may leave
    assert list(certificate.applications.all()) == [filed]


def test_removing_forgets_it():
    application = german()
    certificate = added(application)
    hosting.remove_certificate(certificate_id=certificate.pk, owner=application.owner)
    assert not HostingCertificate.objects.exists()
    assert Application.objects.filter(pk=application.pk).exists()


# --- pages ------------------------------------------------------------------------------------


@pytest.fixture
def application():
    return german()


@pytest.fixture
def client(application):
    return applicant_client(application.owner)


def test_a_certificate_is_entered_and_shown(client, application):
    page = client.post(reverse(ADD), typed(application))
    assert page.status_code == 302
    shown = text_of(client.get(reverse(LIST)))
    for fact in ("VE 2026/4711", "Karim Benali", "Stadt Köln", "Verpflichtungserklärung"):
        assert fact in shown


def test_nothing_asks_for_the_income_of_the_host(client):
    names = held_by_form(client.get(reverse(ADD)))
    assert not [name for name in names if "income" in name or "salary" in name]
    fields = {field.name for field in HostingCertificate._meta.get_fields()}
    assert not {name for name in fields if "income" in name or "means" in name}


def test_the_application_in_the_address_is_ticked(client, application):
    german(owner=application.owner)
    page = client.get(reverse(ADD), {"application": str(application.pk)})
    assert held_by_form(page)["covers"] == [str(application.pk)]


@pytest.mark.parametrize("value", ["x", NOBODYS, "\x00"])
def test_an_unknown_application_in_the_address_ticks_nothing(client, application, value):
    german(owner=application.owner)
    assert "covers" not in held_by_form(client.get(reverse(ADD), {"application": value}))


def test_confirmed_tomorrow_is_refused_with_the_reason_and_loses_nothing(client, application):
    sent = typed(application, confirmed_on=today() + timedelta(days=1))
    page = client.post(reverse(ADD), sent)
    assert page.status_code == 422
    assert says(page, ConfirmedInFuture.remedy)
    kept = held_by_form(page)
    for name in ("host_name", "authority", "number", "confirmed_on_day", "covers"):
        assert kept[name] == ([sent[name]] if isinstance(sent[name], str) else sent[name])
    assert not HostingCertificate.objects.exists()


@pytest.mark.parametrize(
    "bad",
    [
        {"number": ""},
        {"number": "---"},
        {"number": "9" * 61},
        {"number": "12\x0034"},
        {"host_name": " "},
        {"authority": "\u200b"},
        {"covers": []},
        {"covers": ["not-an-id"]},
        {"covers": [NOBODYS]},
        {"confirmed_on_day": "31", "confirmed_on_month": "2"},
        {"confirmed_on_year": "26"},
        {
            **typed_date("covers_from", today()),
            **typed_date("covers_until", today() - timedelta(days=1)),
        },
        typed_date("covers_until", today()),
    ],
    ids=str,
)
def test_bad_input_is_refused_in_place(client, application, bad):
    page = client.post(reverse(ADD), {**typed(application), **bad})
    assert page.status_code == 422
    assert not HostingCertificate.objects.exists()


def test_a_long_stay_asks_for_the_days_that_are_covered():
    student = german(visa_class="long_stay_general", purpose="study_work")
    client = applicant_client(student.owner)
    assert client.post(reverse(ADD), typed(student)).status_code == 422
    sent = typed(student, covers_from=today(), covers_until=add_months(today(), 24))
    assert client.post(reverse(ADD), sent).status_code == 302


def test_names_in_arabic_are_kept(client, application):
    client.post(
        reverse(ADD), typed(application, host_name="كريم بن علي", authority="Köln / كولونيا")
    )
    assert HostingCertificate.objects.get().host_name == "كريم بن علي"


def test_a_second_window_does_not_overwrite_the_first(client, application):
    certificate = added(application)
    url = reverse("applications:hosting_change", args=[certificate.pk])
    client.post(url, {**typed(application, host_name="First"), "version": "1"})
    page = client.post(url, {**typed(application, host_name="Second"), "version": "1"})
    assert page.status_code == 422
    assert held_by_form(page)["host_name"] == ["Second"]
    again = {**typed(application, host_name="Second"), "version": held_by_form(page)["version"][0]}
    assert client.post(url, again).status_code == 302
    assert HostingCertificate.objects.get().host_name == "Second"


@pytest.mark.parametrize("name", ["applications:hosting_change", "applications:hosting_remove"])
@pytest.mark.parametrize("method", ["get", "post"])
def test_a_foreign_certificate_does_not_exist(client, name, method):
    foreign = added(german())
    url = reverse(name, args=[foreign.pk])
    assert getattr(client, method)(url).status_code == 404
    assert HostingCertificate.objects.filter(pk=foreign.pk).exists()


def test_removing_asks_first(client, application):
    certificate = added(application)
    url = reverse("applications:hosting_remove", args=[certificate.pk])
    assert client.get(url).status_code == 200
    assert HostingCertificate.objects.exists()
    client.post(url)
    assert not HostingCertificate.objects.exists()


def test_without_an_application_there_is_nothing_to_cover():
    client = applicant_client(UserFactory())
    assert client.get(reverse(ADD)).status_code == 302
    assert client.get(reverse(LIST)).status_code == 200


def test_what_was_typed_survives_an_expired_session(client, application):
    client.logout()
    sent = typed(application, host_name="Typed before")
    assert client.post(reverse(ADD), sent).status_code == 302
    client.force_login(application.owner)
    assert held_by_form(client.get(reverse(ADD)))["host_name"] == ["Typed before"]


def test_the_list_asks_the_database_no_more_for_more_certificates(client, application):
    def queries():
        with CaptureQueriesContext(connection) as seen:
            certificate_cards(application.owner)
        return len(seen)

    added(application)
    one = queries()
    for number in range(4):
        others = [german(owner=application.owner) for _ in range(3)]
        added(*others, number=f"VE {number}")
    assert queries() == one == 2


def test_the_certificate_on_the_page_of_a_file_costs_one_query(application):
    added(application)
    known = Application.objects.select_related("mission").get(pk=application.pk)
    with CaptureQueriesContext(connection) as seen:
        hub_card(known)
    assert len(seen) == 1
