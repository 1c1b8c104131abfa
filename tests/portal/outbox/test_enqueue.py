from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection, connections, transaction

from portal.outbox import operations as outbox
from portal.outbox.models import Message, recipient_key

from .sample.notifications import Note, note


@pytest.mark.django_db
def test_a_message_waits_with_everything_that_sending_needs():
    message = outbox.enqueue(note(language="ar", version=3))
    stored = Message.objects.get(pk=message.pk)
    assert (stored.kind, stored.subject, stored.version) == ("note", "test:1", 3)
    assert (stored.state, stored.channel, stored.language) == ("queued", "email", "ar")
    assert stored.context == {"name": "Amina O'Neil"}
    assert stored.message_id.startswith("<")
    assert stored.message_id.endswith("@localhost>")


@pytest.mark.django_db
def test_nothing_personal_lies_open_in_the_table():
    outbox.enqueue(note())
    with connection.cursor() as cursor:
        cursor.execute("SELECT outbox_message::text FROM outbox_message")
        row = cursor.fetchone()[0]
    assert "note" in row
    for word in ("amina", "Amina", "Neil", b"amina".hex(), b"Amina".hex()):
        assert word not in row


@pytest.mark.django_db
def test_the_messages_to_an_address_are_found_however_it_is_written():
    message = outbox.enqueue(note(recipient="Amina@Example.org"))
    assert Message.objects.get(recipient_key=recipient_key("amina@example.org")) == message


@pytest.mark.django_db
def test_the_same_thing_is_told_once_and_the_first_telling_stays():
    first = outbox.enqueue(note())
    again = outbox.enqueue(note(context={"name": "Another"}, language="fr"))
    assert again == first
    assert (again.language, again.context["name"]) == ("en", "Amina O'Neil")
    assert Message.objects.count() == 1


@pytest.mark.django_db
@pytest.mark.parametrize("change", [{"version": 2}, {"subject_ref": "test:2"}])
def test_another_version_or_subject_is_another_message(change):
    first, second = outbox.enqueue(note()), outbox.enqueue(note(**change))
    assert first != second
    assert first.message_id != second.message_id


@pytest.mark.django_db(transaction=True)
def test_a_message_outside_a_transaction_is_a_mistake_of_the_caller():
    with pytest.raises(transaction.TransactionManagementError):
        outbox.enqueue(note())
    assert not Message.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_a_rollback_takes_the_message_with_it():
    with transaction.atomic():
        outbox.enqueue(note())
        transaction.set_rollback(True)
    assert not Message.objects.exists()


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_eight_who_tell_the_same_at_once_write_one_message():
    start = Barrier(8)

    def tell(_):
        start.wait()
        try:
            with transaction.atomic():
                return outbox.enqueue(note()).pk
        finally:
            connections.close_all()

    with ThreadPoolExecutor(8) as pool:
        numbers = set(pool.map(tell, range(8)))
    assert numbers == {Message.objects.get().pk}


def test_two_notifications_of_one_kind_are_refused():
    with pytest.raises(ValueError, match="note"):
        type("Other", (Note,), {"kind": "note"})
