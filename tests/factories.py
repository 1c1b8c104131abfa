"""Rows for tests: real ones, in PostgreSQL."""

from datetime import date, timedelta

import factory
from django.utils import timezone

from applications.models import Application
from appointments.models import Appointment, Centre, Slot
from portal.accounts.models import User
from portal.missions.models import Mission


class UserFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = User
        skip_postgeneration_save = True

    email = factory.Sequence(lambda n: f"traveller{n}@example.org")
    language = "fr"
    password = factory.django.Password(None)


class MissionFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Mission
        django_get_or_create = ("code",)

    state = "FR"
    post = "algiers"
    code = factory.LazyAttribute(lambda mission: f"{mission.state.lower()}-{mission.post}")
    names = factory.LazyAttribute(
        lambda mission: {
            "fr": f"{mission.state} à {mission.post}",
            "en": f"{mission.state} in {mission.post}",
        }
    )


# The further answers that a complete file needs; they say what the rules take for granted.
COMPLETE = {
    "category": "other",
    "inviter": "Leila Mansouri",
    "lodging": "hotel",
    "own_means": "proven",
    "earlier_visa": "first_application",
    "guardian_name": "Karim Benali",
    "consent": "both",
}


class ApplicationFactory(factory.django.DjangoModelFactory):
    """A complete draft with a good passport; `submitted=True` for one that can be booked.

    `details` are laid over those that make it complete; None takes one away.
    """

    class Meta:
        model = Application

    class Params:
        submitted = factory.Trait(
            state="submitted", submitted_at=factory.LazyFunction(timezone.now)
        )

    owner = factory.SubFactory(UserFactory)
    mission = factory.SubFactory(MissionFactory)
    visa_class = "short_stay"
    purpose = "tourism"
    arrives_on = factory.LazyFunction(lambda: date.today() + timedelta(days=60))
    departs_on = factory.LazyFunction(lambda: date.today() + timedelta(days=70))
    family_name = "Benali"
    given_names = "Amine"
    birth_date = date(1988, 4, 12)
    nationality = "DZ"
    passport_number = factory.Sequence(lambda n: f"{100000000 + n}")
    passport_issued_on = factory.LazyFunction(lambda: date.today() - timedelta(days=700))
    passport_expires_on = factory.LazyFunction(lambda: date.today() + timedelta(days=2000))
    blank_pages = 12

    @classmethod
    def _create(cls, model_class, *args, **kwargs):
        kwargs["details"] = COMPLETE | kwargs.get("details", {})
        application = model_class(*args, **kwargs)
        application.remember_keys()
        application.save()
        return application


class CentreFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Centre
        django_get_or_create = ("code",)

    mission = factory.SubFactory(MissionFactory)
    post = factory.SelfAttribute("mission.post")
    code = factory.LazyAttribute(lambda centre: f"centre-{centre.mission.code}")
    names = factory.LazyAttribute(lambda centre: {"fr": f"Centre {centre.code}"})
    addresses = factory.LazyAttribute(lambda centre: {"fr": "Alger, Algérie"})


class SlotFactory(factory.django.DjangoModelFactory):
    """An open slot some days ahead; `seats` sets capacity and released."""

    class Meta:
        model = Slot

    class Params:
        seats = 3

    centre = factory.SubFactory(CentreFactory)
    service = "short_stay"
    starts_at = factory.Sequence(
        lambda n: (
            timezone.now().replace(hour=9, minute=0, second=0, microsecond=0)
            + timedelta(days=10, minutes=20 * n)
        )
    )
    minutes = 20
    capacity = factory.SelfAttribute("seats")
    released = factory.SelfAttribute("seats")


def booked(application: Application, slot: Slot) -> Appointment:
    """Book through the operation that people use."""
    from appointments.operations import book

    return book(application_id=application.pk, slot_id=slot.pk, owner=application.owner)
