"""What the database refuses of applications and papers, and how they are found."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction

from applications.models import Application, Document, name_key, passport_key, traveller_key
from portal.constraints import violated
from tests.factories import ApplicationFactory

pytestmark = pytest.mark.django_db


def refused_by(rows, **values):
    """Return the name of the constraint that refuses an update."""
    with pytest.raises(IntegrityError) as problem, transaction.atomic():
        rows.update(**values)
    return violated(problem.value)


@pytest.fixture
def rows():
    application = ApplicationFactory(submitted=True)
    return Application.objects.filter(pk=application.pk)


def test_a_state_nobody_knows(rows):
    assert refused_by(rows, state="lost") == "application_state_is_known"


@pytest.mark.parametrize("days", [0, 1])
def test_a_passport_that_expires_before_or_on_its_issue(rows, days):
    issued = rows.get().passport_issued_on
    assert refused_by(rows, passport_expires_on=issued - timedelta(days)) == (
        "passport_expires_after_issue"
    )


def test_a_departure_before_the_arrival(rows):
    arrival = rows.get().arrives_on
    assert refused_by(rows, departs_on=arrival - timedelta(1)) == "departure_not_before_arrival"
    assert rows.update(departs_on=arrival) == 1


def test_a_submitted_file_of_nobody(rows):
    assert refused_by(rows, traveller_key=None) == "only_a_draft_lacks_its_traveller"


def test_a_draft_may_lack_its_traveller(rows):
    assert rows.update(state="draft", traveller_key=None) == 1


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_ten_that_add_the_same_paper_at_once_add_it_once():
    application = ApplicationFactory()

    def add(_number):
        try:
            Document.objects.create(application=application, kind="photo")
        except IntegrityError as error:
            return violated(error)
        else:
            return "added"
        finally:
            connection.close()

    with ThreadPoolExecutor(10) as pool:
        answers = list(pool.map(add, range(10)))
    assert answers.count("added") == 1
    assert answers.count("one_row_per_paper_of_a_file") == 9


def test_a_paper_refused_without_a_reason(rows):
    Document.objects.create(application=rows.get(), kind="photo")
    assert refused_by(Document.objects.all(), state="not_acceptable") == (
        "an_unacceptable_paper_has_a_reason"
    )


def test_names_numbers_and_birth_dates_rest_encrypted(rows):
    application = rows.get()
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT row_to_json(a)::text FROM applications_application a WHERE id = %s",
            [application.pk],
        )
        [stored] = cursor.fetchone()
    for secret in (application.family_name, application.passport_number, "1988-04-12"):
        assert secret not in stored


def test_the_same_traveller_is_recognised_however_the_number_is_typed():
    birth = ApplicationFactory().birth_date
    assert traveller_key(" 12 34-x ", birth) == traveller_key("1234X", birth)
    assert passport_key("1234x") == passport_key("12 34 X")
    assert name_key("BEN ALI") == name_key("ben ali")
    assert traveller_key("1234X", birth) != traveller_key("1234X", birth + timedelta(1))
