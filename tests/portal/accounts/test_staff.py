from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from django.contrib.admin import site
from django.core.cache import cache

from portal.accounts.demo import TOTP_SECRET, current_code
from portal.accounts.models import User

from .conftest import ask, enter, give_app_code, give_password, newest_code, signed_in_as

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


def forget_used_codes(user):
    """Let the same code of the app work again: clocks stand still in tests."""
    cache.delete(f"allauth.mfa.totp.used?user={user.pk}&code={current_code()}")


# --- The way in ---


def test_password_and_second_factor_open_the_admin(visitor, make_staff):
    user = make_staff(is_superuser=True)
    assert give_password(visitor, user).url == "/staff/sign-in/second-factor/"
    assert not signed_in_as(visitor)
    assert give_app_code(visitor).url == "/admin/"
    assert visitor.get("/admin/").status_code == 200


def test_staff_come_back_to_the_page_they_wanted(visitor, make_staff):
    wanted = visitor.get("/admin/accounts/user/")
    door = visitor.get(wanted.url)
    assert door.url == "/staff/sign-in/?next=%2Fadmin%2Faccounts%2Fuser%2F"
    user = make_staff(is_superuser=True)
    visitor.post(door.url, {"login": user.email, "password": "a long enough password"})
    assert give_app_code(visitor).url == "/admin/accounts/user/"


@pytest.mark.parametrize("target", ["https://evil.example/", "//evil.example"])
def test_the_admin_sends_nobody_to_another_site(visitor, make_staff, target):
    assert "evil" not in visitor.get("/admin/login/", {"next": target}).url
    user = make_staff(is_superuser=True)
    give_password(visitor, user, next=target)
    assert give_app_code(visitor).url == "/admin/"
    assert visitor.get("/admin/login/", {"next": target}).url == "/admin/"


def test_the_session_key_changes_at_staff_sign_in(visitor, make_staff):
    user = make_staff()
    give_password(visitor, user)
    before = visitor.session.session_key
    give_app_code(visitor)
    assert visitor.session.session_key != before


def test_a_password_alone_does_not_open_the_admin_but_leads_to_set_up(visitor, make_staff):
    user = make_staff(second_factor=False, is_superuser=True)
    give_password(visitor, user)
    assert signed_in_as(visitor)
    refused = visitor.get("/admin/", follow=True)
    assert refused.status_code == 403
    assert "/staff/second-factor/app/?next=%2Fadmin%2F" in refused.content.decode()


def test_a_mailed_code_alone_does_not_open_the_admin(visitor, address):
    """Somebody became staff while signed in by code."""
    ask(visitor, address)
    enter(visitor, newest_code(address), next="/")
    User.objects.filter(email=address).update(is_staff=True, is_superuser=True)
    assert visitor.get("/admin/", follow=True).status_code == 403


def test_a_mailed_code_and_a_second_factor_still_lack_the_password(visitor, address):
    from allauth.mfa.totp.internal.auth import TOTP

    ask(visitor, address)
    enter(visitor, newest_code(address), next="/")
    User.objects.filter(email=address).update(is_staff=True, is_superuser=True)
    TOTP.activate(User.objects.get(email=address), TOTP_SECRET)
    session = visitor.session
    session["account_authentication_methods"] += [
        {"method": "mfa", "at": session["account_authentication_methods"][0]["at"]}
    ]
    session.save()
    assert visitor.get("/admin/", follow=True).status_code == 403


def test_an_applicant_is_told_calmly_that_the_admin_is_not_theirs(visitor, address):
    ask(visitor, address)
    enter(visitor, newest_code(address), next="/")
    assert visitor.get("/admin/", follow=True).status_code == 403
    assert visitor.get("/staff/second-factor/").status_code == 403
    assert signed_in_as(visitor)


@pytest.mark.django_db(transaction=True)  # what happens at commit belongs to the request
def test_setting_up_the_app_opens_the_admin_and_shows_recovery_codes(visitor, make_staff):
    user = make_staff(second_factor=False, is_superuser=True)
    give_password(visitor, user)
    page = visitor.get("/staff/second-factor/app/")
    assert "data:image/svg+xml" in page.content.decode()
    secret = page.context["form"].secret
    done = visitor.post("/staff/second-factor/app/", {"code": current_code(secret)})
    assert done.url == "/staff/second-factor/recovery-codes/"
    assert len(visitor.get(done.url).context["unused_codes"]) == 10
    assert visitor.get("/admin/").status_code == 200
    stored = Authenticator.objects.get(user=user, type="totp").data["secret"]
    assert secret not in stored
    from portal.encryption import decrypt

    assert decrypt(stored.encode()) == secret


def test_recovery_codes_rest_encrypted_and_open_the_door_once(new_client, make_staff):
    from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes

    user = make_staff(is_superuser=True)
    codes = RecoveryCodes.activate(user).generate_codes()
    stored = Authenticator.objects.get(user=user, type="recovery_codes").data["seed"]
    assert len(stored) > 100
    opened = []
    for _ in range(2):
        client = new_client()
        give_password(client, user)
        give_app_code(client, codes[0])
        opened.append(bool(signed_in_as(client)))
    assert opened == [True, False]


def test_a_code_of_the_app_works_once(new_client, make_staff):
    user = make_staff()
    opened = []
    for client in (new_client(), new_client()):
        give_password(client, user)
        give_app_code(client)
        opened.append(bool(signed_in_as(client)))
    assert opened == [True, False]


def test_wrong_codes_of_the_app_are_limited(new_client, make_staff):
    user = make_staff()
    client = new_client()
    give_password(client, user)
    wrong = f"{(int(current_code()) + 1) % 10**6:06d}"
    for _ in range(5):
        give_app_code(client, wrong)
    give_app_code(client)
    assert not signed_in_as(client)


def test_wrong_passwords_are_limited(new_client, make_staff):
    user = make_staff()
    for _ in range(5):
        give_password(new_client(), user, password="wrong")
    answer = give_password(new_client(), user)
    assert answer.status_code == 200
    assert "Too many tries" in answer.content.decode() or answer.context["form"].errors


@pytest.mark.parametrize("kind", ["unknown", "applicant", "wrong password", "closed"])
def test_the_staff_door_answers_every_failure_alike(visitor, make_staff, kind):
    user = make_staff(is_active=kind != "closed")
    password = "a long enough password"
    if kind == "applicant":
        User.objects.filter(pk=user.pk).update(is_staff=False)
    if kind == "unknown":
        user.email = "nobody@guichet.example"
    if kind == "wrong password":
        password = "another password"
    form = give_password(visitor, user, password=password).context["form"]
    assert [str(error) for error in form.errors.pop("__all__")] == [
        str(form_error_of_a_wrong_password())
    ]
    assert not signed_in_as(visitor)


def form_error_of_a_wrong_password():
    from portal.accounts.adapter import AccountAdapter

    return AccountAdapter.error_messages["email_password_mismatch"]


def test_staff_who_asked_for_a_code_by_mistake_can_still_use_their_door(visitor, make_staff):
    user = make_staff()
    ask(visitor, user.email)
    assert visitor.get("/staff/sign-in/").status_code == 200
    give_password(visitor, user)
    give_app_code(visitor)
    assert signed_in_as(visitor)


# --- How long it lasts ---


def enter_as_staff(client, user):
    give_password(client, user)
    give_app_code(client)


@pytest.mark.parametrize(
    ("pauses", "open_at_the_end"),
    [
        pytest.param([timedelta(minutes=59)], True, id="59 minutes of rest"),
        pytest.param([timedelta(minutes=61)], False, id="61 minutes of rest"),
        pytest.param([timedelta(minutes=50)] * 14, True, id="11 h 40 of work"),
        pytest.param([timedelta(minutes=50)] * 15, False, id="12 h 30 of work"),
    ],
)
def test_a_staff_session_ends_after_an_hour_of_rest_and_twelve_of_work(
    visitor, make_staff, settings, pauses, open_at_the_end
):
    settings.SESSION_COOKIE_AGE = 10 * 24 * 3600  # the rule must hold without the cookie's help
    user = make_staff(is_superuser=True)
    with time_machine.travel(NOON, tick=False) as clock:
        enter_as_staff(visitor, user)
        for pause in pauses:
            clock.shift(pause)
            answer = visitor.get("/admin/")
        assert (answer.status_code == 200) is open_at_the_end


def test_after_the_rest_staff_sign_in_again_and_come_back(visitor, make_staff):
    user = make_staff(is_superuser=True)
    with time_machine.travel(NOON, tick=False) as clock:
        enter_as_staff(visitor, user)
        clock.shift(timedelta(hours=2))
        door = visitor.get("/admin/accounts/user/", follow=True)
    assert door.redirect_chain[-1][0] == "/staff/sign-in/?next=%2Fadmin%2Faccounts%2Fuser%2F"
    assert not signed_in_as(visitor)


def test_removing_the_second_factor_closes_the_admin(visitor, make_staff):
    user = make_staff(is_superuser=True)
    enter_as_staff(visitor, user)
    assert visitor.post("/staff/second-factor/app/remove/").status_code == 302
    assert visitor.get("/admin/", follow=True).status_code == 403


def test_closing_an_account_ends_its_sessions(visitor, make_staff):
    user = make_staff(is_superuser=True)
    enter_as_staff(visitor, user)
    User.objects.filter(pk=user.pk).update(is_active=False)
    assert visitor.get("/admin/").status_code == 302


def test_an_old_proof_must_be_renewed_before_the_second_factor_changes(visitor, make_staff):
    user = make_staff(is_superuser=True)
    with time_machine.travel(NOON, tick=False) as clock:
        enter_as_staff(visitor, user)
        clock.shift(timedelta(minutes=6))
        assert visitor.get("/staff/second-factor/recovery-codes/new/").url.startswith(
            "/staff/confirm/"
        )
        visitor.post("/staff/confirm/", {"password": "a long enough password"})
        assert visitor.get("/staff/second-factor/recovery-codes/new/").status_code == 200


@pytest.mark.parametrize(
    "page",
    [
        "/staff/second-factor/",
        "/staff/second-factor/app/remove/",
        "/staff/second-factor/recovery-codes/new/",
        "/staff/second-factor/keys/",
        "/staff/second-factor/keys/add/",
        "/staff/password/",
        "/staff/confirm/",
        "/staff/confirm/code/",
    ],
)
def test_pages_of_the_second_factor_render_without_inline_code(visitor, make_staff, page):
    user = make_staff(is_superuser=True)
    enter_as_staff(visitor, user)
    answer = visitor.get(page)
    assert answer.status_code == 200
    html = answer.content.decode()
    assert " style=" not in html
    assert " onclick=" not in html
    for script in html.split("<script")[1:]:
        tag = script.split(">", 1)[0]
        assert "src=" in tag or 'type="application/json"' in tag


def test_changing_the_password_keeps_this_session_and_ends_the_others(new_client, make_staff):
    user = make_staff(is_superuser=True)
    here, there = new_client(), new_client()
    enter_as_staff(here, user)
    forget_used_codes(user)
    enter_as_staff(there, user)
    new = "a much longer password 7"
    done = here.post(
        "/staff/password/",
        {"oldpassword": "a long enough password", "password1": new, "password2": new},
    )
    assert done.status_code == 302
    assert here.get("/admin/").status_code == 200
    assert there.get("/admin/").status_code == 302


# --- Accounts in the admin ---


def test_libraries_put_no_secrets_into_the_admin():
    offered = {model._meta.label for model in site._registry}
    assert not offered & {
        "account.EmailAddress",
        "mfa.Authenticator",
        "auth.Group",
        "account.EmailConfirmation",
    }


def test_an_administrator_creates_staff_and_gives_roles(visitor, make_staff):
    from django.contrib.auth.models import Group

    chief = make_staff()
    chief.groups.add(Group.objects.get(name="administrator"))
    enter_as_staff(visitor, chief)
    visitor.post(
        "/admin/accounts/user/add/",
        {
            "email": "New.Colleague@guichet.example",
            "password1": "correct horse battery",
            "password2": "correct horse battery",
        },
    )
    colleague = User.objects.get(email="new.colleague@guichet.example")
    assert colleague.is_staff
    assert not colleague.is_superuser
    visitor.post(
        f"/admin/accounts/user/{colleague.pk}/change/",
        {
            "email": colleague.email,
            "language": "fr",
            "is_active": "on",
            "is_staff": "on",
            "groups": [Group.objects.get(name="agent").pk],
            "is_superuser": "on",
        },
    )
    colleague.refresh_from_db()
    assert colleague.groups.get().name == "agent"
    assert not colleague.is_superuser


def test_nobody_gives_an_applicant_a_password(visitor, make_staff):
    applicant = User.objects.create_user("plain@example.org")
    enter_as_staff(visitor, make_staff(is_superuser=True))
    page = f"/admin/accounts/user/{applicant.pk}/password/"
    assert visitor.get(page).status_code == 403
    answer = visitor.post(page, {"password1": "x" * 14, "password2": "x" * 14})
    assert answer.status_code == 403
    applicant.refresh_from_db()
    assert not applicant.has_usable_password()


def test_a_lost_phone_is_forgotten_by_an_administrator_but_not_by_oneself(visitor, make_staff):
    chief, colleague = make_staff(is_superuser=True), make_staff()
    enter_as_staff(visitor, chief)
    visitor.post(
        "/admin/accounts/user/",
        {"action": "forget_second_factor", "_selected_action": [chief.pk, colleague.pk]},
    )
    assert Authenticator.objects.filter(user=chief).exists()
    assert not Authenticator.objects.filter(user=colleague).exists()
