"""What happens to accounts: begun by asking for a code, forgotten when never used."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.db.models import Exists, ForeignObjectRel, Model, OuterRef, QuerySet
from django.utils import timezone

from portal.accounts.models import User

UNUSED_FOR = timedelta(hours=24)


@transaction.atomic
def applicant_for(*, email: str, language: str) -> User | None:
    """Return the account that a mailed code may open, beginning it where there is none.

    None means that no code opens this address: it belongs to staff, or the account is closed.
    """
    user, created = User.objects.get_or_create(
        email=email, defaults={"language": language, "password": make_password(None)}
    )
    if user.is_staff or not user.is_active:
        return None
    if not created and user.last_login is None:
        # Asked again before the first sign-in: the account stays another day.
        user.date_joined = timezone.now()
        user.language = language
        user.save(update_fields=["date_joined", "language"])
    return user


@transaction.atomic
def keep_language(*, user: User, language: str) -> None:
    """Remember the language in which somebody signed in; their messages follow it."""
    User.objects.filter(pk=user.pk).exclude(language=language).update(language=language)


@transaction.atomic
def forget_unused(*, now: datetime) -> int:
    """Delete applicants who never signed in within a day and own nothing; return how many."""
    unused = _owning_nothing(
        User.objects.filter(
            last_login=None,
            is_staff=False,
            is_superuser=False,
            date_joined__lt=now - UNUSED_FOR,
        )
    )
    forgotten = list(unused.select_for_update(skip_locked=True, of=("self",)))
    for user in forgotten:
        user.delete()
    return len(forgotten)


def _owning_nothing(users: QuerySet[User]) -> QuerySet[User]:
    """Drop accounts that any row of any app points to, so that new apps are safe by default."""
    for relation in User._meta.get_fields(include_hidden=True):
        if isinstance(relation, ForeignObjectRel) and _has_a_table(relation.related_model):
            rows = relation.related_model._base_manager
            users = users.exclude(Exists(rows.filter(**{relation.field.name: OuterRef("pk")})))
    return users


def _has_a_table(model: type[Model]) -> bool:
    return model._meta.managed and not model._meta.proxy
