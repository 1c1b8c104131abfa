"""A family of four: prepared at home, taken in at the counter, decided, taken along, forgotten."""

from __future__ import annotations

import copy
import io
import json
import secrets
import zipfile
from datetime import datetime, time, timedelta
from itertools import pairwise

import pytest
import time_machine
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from applications.models import Application, Document, Traveller
from applications.views import papers as paper_views
from appointments.models import Appointment
from portal.accounts.models import User
from portal.accounts.roles import Role
from portal.audit.models import Access, Entry
from portal.data_rights import exporting
from portal.data_rights.models import DataExport
from portal.dates import ALGIERS, add_years
from portal.missions.models import in_language
from portal.outbox.models import Message, recipient_key
from portal.uploads.models import StoredFile
from portal.uploads.settling import settle_waiting
from tests.actors import staff
from tests.portal.uploads.papers import CAMERA, pdf, picture

from .family import PASSWORD, Agent, Look, Parent, family

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.timeout(600),
]
BLURRED = "La photo est floue. Il en faut une de moins de six mois."
MISSING = "Les relevés des trois derniers mois."
PREPARED = ["application.start", "application.submit", "document.provide", "document.provide"]
REFUSED = "L’objet du séjour n’est pas établi."


@pytest.fixture
def folder(settings, tmp_path, monkeypatch):
    """A folder of this test for sealed files, which the test itself settles."""
    storages = copy.deepcopy(settings.STORAGES)
    storages["files"]["OPTIONS"]["location"] = tmp_path / "files"
    settings.STORAGES = storages
    monkeypatch.setattr(paper_views, "PATIENCE", 0)
    return tmp_path / "files"


@pytest.fixture
def email():
    return f"{secrets.token_hex(4)}@example.org"


@pytest.fixture
def newest_code():
    """Read the newest mailed code where it waits to be sent."""

    def read(email):
        codes = Message.objects.filter(kind="sign_in_code", recipient_key=recipient_key(email))
        return str(codes.latest("created_at").context["code"])

    return read


@pytest.fixture
def agent(mission):
    person = staff(Role.AGENT, mission)
    person.set_password(PASSWORD)
    person.save()
    return person


def test_a_family_from_the_first_answer_to_the_last_trace(
    open_page, mission, folder, email, newest_code, agent, axe_clean
):
    parent = Parent(open_page("fr"), newest_code, Look(axe_clean))
    files = a_family_answers(parent, email, in_language(mission.names, "fr"))
    the_papers_are_sent(parent, files)
    four_times_side_by_side(parent, files)

    counter = Agent(open_page("fr"), axe_clean)
    counter.sign_in(agent.email)
    papers_are_read_at_the_counter(counter, files)
    a_better_photo_is_sent(parent, files[0])

    day = files[0].appointment_day
    with time_machine.travel(at(day, 10)):
        the_files_are_handed_in(open_page("fr"), agent, files, axe_clean)
    with time_machine.travel(at(day + timedelta(5), 10)):
        desk = Agent(open_page("fr"), axe_clean)
        desk.sign_in(agent.email)
        a_paper_is_asked_for(desk, files[1], day + timedelta(15))
        again = Parent(open_page("fr"), newest_code, parent.look)
        again.sign_in(email)
        again.take_the_phone("ar")
        the_paper_is_sent(again, files[1])
        the_authority_decides(desk, files)
        what_was_decided_is_read(again, files)
        every_step_is_in_the_trail(files, agent)
        everything_can_be_taken_along(again, files)
    it_ends_by_itself(day + timedelta(5), files, folder)


def at(day, hour):
    return datetime.combine(day, time(hour), ALGIERS)


# --- at home --------------------------------------------------------------------------------------


def a_family_answers(parent, email, mission_name):
    """One file is filled in; the others take over its journey, in another language."""
    father, mother, *children = everybody = family()
    parent.sign_in(email)
    parent.add_everybody(everybody)
    parent.begin(father, mission_name)
    parent.answer_the_rest(father)
    first = Application.objects.get(owner__email=email)
    assert first.state == "submitted"

    parent.begin(mother, mission_name)
    second = Application.objects.exclude(pk=first.pk).get(owner__email=email)
    parent.open_file(second)
    parent.press(f'.same-journey button[value="{first.pk}"]')
    parent.take_the_phone("ar")
    parent.press(".standing a.btn")
    parent.answer_the_rest(mother)

    parent.open_file(first)
    parent.press('main a[href$="/together/"]')
    for child in children:
        parent.page.get_by_label(child.name).check()
    parent.press("main form.page-form [type=submit]")
    for child in children:
        row = next(one for one in files_of(email) if one.given_names == child.given_names)
        parent.open_file(row)
        parent.press(".standing a.btn")
        parent.answer_the_rest(child)
    found = files_of(email)
    assert [one.given_names for one in found] == [one.given_names for one in everybody]
    assert {(one.state, one.arrives_on, one.purpose) for one in found} == {
        ("submitted", first.arrives_on, "tourism")
    }
    assert all(one.details["consent"] for one in found[2:])
    return found


def files_of(email):
    return list(Application.objects.filter(owner__email=email).order_by("created_at"))


def the_papers_are_sent(parent, files):
    """Real files for everybody; what is only brought along is said so."""
    first = files[0]
    for file in files:
        parent.send(file, "passport", "جواز/السفر.pdf", pdf(2))
        parent.send(file, "photo", "photo.jpg", picture(size=(600, 800)))
    parent.send(
        first, "insurance", "police.pdf", pdf(),
        valid_from=first.arrives_on, valid_until=first.departs_on, amount=30000,
    )  # fmt: skip
    parent.bring(first, "itinerary")
    assert StoredFile.objects.filter(state="received").count() == 9
    assert settle_waiting() == 9
    parent.open(reverse("applications:papers", args=[first.pk]))
    with translation.override("ar"):
        assert parent.page.get_by_text(_("Provided"), exact=True).count() == 3
    parent.open(reverse("applications:to_bring", args=[first.pk]))


def four_times_side_by_side(parent, files):
    parent.book_together(files[0], files[1:])
    found = Appointment.objects.filter(application__in=files).select_related("slot")
    slots = sorted({one.slot for one in found}, key=lambda slot: slot.starts_at)
    assert len(found) == 4
    assert parent.page.locator(".task-list__item").count() == 4
    for slot, following in pairwise(slots):
        assert following.starts_at - slot.starts_at == timedelta(minutes=20)
    for file in files:
        file.refresh_from_db()
        assert file.state == "booked"
    parent.open(reverse("appointments:detail", args=[found[0].pk]))


# --- at the counter -------------------------------------------------------------------------------


def papers_are_read_at_the_counter(counter, files):
    """Each paper is looked at beside the list; one is refused with its reason."""
    for number, file in enumerate(files):
        counter.find(file)
        if number == 0:
            shown = counter.read("always-photo-photo")
            assert shown.startswith(b"\xff\xd8")
            assert CAMERA.encode() not in shown
            assert counter.read("always-passport-passport").startswith(b"%PDF")
            counter.refuse("always-photo-photo", BLURRED)
        else:
            counter.accept("always-photo-photo")
        counter.accept("always-passport-passport")
    counter.open(files[0])
    counter.look()
    states = Document.objects.filter(application__in=files).values_list("kind", "state")
    assert sorted(states).count(("passport", "checked")) == 4
    assert sorted(states).count(("photo", "checked")) == 3


def a_better_photo_is_sent(parent, file):
    parent.open_file(file)
    parent.open_paper(file, "photo")
    assert BLURRED in parent.page.inner_text("main")
    parent.send(file, "photo", "صورة.jpg", picture(size=(700, 900)))
    assert settle_waiting() == 1


def the_files_are_handed_in(page, agent, files, axe_clean):
    counter = Agent(page, axe_clean)
    counter.sign_in(agent.email)
    for file in files:
        counter.open(file)
        if file == files[0]:
            counter.accept("always-photo-photo")
        counter.take_in()
        counter.open(file)
        counter.step("examine")
        file.refresh_from_db()
        assert (file.state, file.filed_on) == ("in_examination", file.appointment_day)


def a_paper_is_asked_for(desk, file, due_on):
    desk.open(file)
    desk.write("Bonjour, il manque un papier.")
    desk.ask_for("bank_statements", MISSING, due_on)
    file.refresh_from_db()
    assert file.state == "papers_asked"


def the_paper_is_sent(parent, file):
    parent.open(reverse("applications:list"))
    parent.open_file(file)
    assert MISSING in parent.page.inner_text("main")
    parent.send(file, "bank_statements", "releves.pdf", pdf(3))
    assert settle_waiting() == 1
    parent.open(reverse("applications:messages", args=[file.pk]))
    parent.press('form[action$="/read/"] [type=submit]')
    parent.page.fill("main textarea", "أرسلت الكشوف.")
    parent.press()
    parent.open_file(file)
    parent.press('form[action$="/papers-sent/"] [type=submit]')
    file.refresh_from_db()
    assert file.state == "in_examination"


def the_authority_decides(desk, files):
    """Granted for three, refused for one, who was told on the same day."""
    today = timezone.localdate()
    for number, file in enumerate(files):
        desk.open(file)
        if number == 1:
            desk.accept("means-own_means-bank_statements")
            desk.turn_down(today, today, REFUSED)
        else:
            desk.grant(today, file.arrives_on, file.departs_on)
        file.refresh_from_db()
        assert file.state == "decided"
    desk.look()


# --- at home again --------------------------------------------------------------------------------


def what_was_decided_is_read(parent, files):
    parent.open(reverse("applications:list"))
    parent.open_file(files[0])
    with translation.override("ar"):
        assert _("What you can do against it") not in parent.page.inner_text("main")
        parent.open_file(files[1])
        told = parent.page.inner_text("main")
        assert REFUSED in told
        assert _("What you can do against it") in told
        assert "RC-0" in told


def every_step_is_in_the_trail(files, agent):
    """Nothing was done to a file, and nothing of it was read by staff, that left no line."""
    booked = [*PREPARED, "application.book", "appointment.book"]
    taken_in = ["appointment.serve", "application.file", "application.examine"]
    read = ["document.check", "document.check"]
    assert trail_of(files[0]) == [
        *PREPARED, "document.provide", "document.tell", "document.provide",
        "application.book", "appointment.book", "document.refuse", "document.check",
        "document.provide", "document.check", *taken_in, "application.decide",
    ]  # fmt: skip
    assert trail_of(files[1]) == [
        *booked, *read, *taken_in, "message.write", "application.ask_papers", "document.provide",
        "message.write", "application.examine", "document.check", "application.decide",
    ]  # fmt: skip
    for child in files[2:]:
        assert trail_of(child) == [*booked, *read, *taken_in, "application.decide"]
    for file in files:
        assert Access.objects.filter(actor=agent, subject_id=str(file.pk)).count() >= 8
    assert Access.objects.filter(actor=agent, what="content").count() == 2  # both files opened
    refusal = Entry.objects.get(action="document.refuse")
    assert (refusal.actor_label, refusal.reason) == (agent.email, BLURRED)


def trail_of(file):
    subjects = [file.pk, *file.documents.values_list("pk", flat=True)]
    subjects += file.appointments.values_list("pk", flat=True)
    rows = Entry.objects.filter(subject_id__in=[str(one) for one in subjects])
    return list(rows.order_by("at", "pk").values_list("action", flat=True))


def everything_can_be_taken_along(parent, files):
    parent.open("/")
    parent.press(f'footer a[href="{reverse("my_data:index")}"]')
    parent.press(f'form[action="{reverse("my_data:ask_export")}"] [type=submit]')
    exporting.build_waiting()
    parent.open(reverse("my_data:index"))
    with parent.page.expect_download() as begun:
        parent.page.click('main a[href*="/my-data/export/"]')
    archive = zipfile.ZipFile(begun.value.path())
    data = json.loads(archive.read("data.json"))
    assert {one["reference"] for one in data["applications"]} == {one.reference for one in files}
    assert len(data["household"]) == len(data["appointments"]) == 4
    sent = [name for name in archive.namelist() if name.startswith("files/")]
    assert len(sent) == 11  # the photo that was refused too
    assert all(any(one.reference in name for one in files) for name in sent)
    photo = next(name for name in sent if name.endswith(".jpg"))
    assert CAMERA.encode() in archive.read(photo)  # their own file, as they sent it


# --- and in the end -------------------------------------------------------------------------------


def it_ends_by_itself(last_day, files, folder):
    """Nothing goes before its time; a dry run only counts; afterwards the trail alone is left."""
    keys = [str(one.pk) for one in files]
    Message.objects.update(state="sent")  # the post was delivered meanwhile
    assert due(at(last_day, 12), "closed_file", "--dry-run") == ("4", "0", "-")
    after = at(add_years(last_day, 1) + timedelta(3), 10)
    assert due(after, "closed_file", "--dry-run") == ("4", "4", "-")
    assert Application.objects.filter(pk__in=keys).count() == 4
    with time_machine.travel(after):
        call_command("purge", stdout=io.StringIO())
    for model in (Application, Traveller, Document, StoredFile, Appointment, Message, DataExport):
        assert not model.objects.exists(), model
    assert not User.objects.filter(is_staff=False).exists()
    assert [path for path in folder.rglob("*") if path.is_file()] == []
    for key in keys:
        last = Entry.objects.filter(subject_id=key).latest("at")
        assert (last.action, last.actor_label) == ("application.end", "system")


def due(moment, kind, *options):
    """Return rows, due and removed of one kind, as the command prints them."""
    out = io.StringIO()
    with time_machine.travel(moment):
        call_command("purge", kind, *options, stdout=out)
    [line] = [line for line in out.getvalue().splitlines() if line.startswith(kind)]
    return tuple(line.split()[1:])
