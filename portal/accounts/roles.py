"""The one table of roles: what each may do, granted again after every migrate.

Whoever changes a row here changes the right; ticking boxes on a group in the database does not
last. A name that no model has is reported by the check `accounts.W001`.
"""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum
from typing import Any

from django.apps import AppConfig, apps
from django.contrib.auth.management import create_permissions
from django.contrib.auth.models import Group, Permission
from django.core.checks import CheckMessage, Warning, register


class Role(StrEnum):
    """What a member of staff is there for; the value is the name of the group."""

    AGENT = "agent"
    CENTRE_MANAGER = "centre_manager"
    COMPLAINT_HANDLER = "complaint_handler"
    APPEAL_OFFICER = "appeal_officer"
    SUPERVISOR = "supervisor"
    ADMINISTRATOR = "administrator"


def _view(app: str, *models: str) -> set[str]:
    return {f"{app}.view_{model}" for model in models}


def _change(app: str, *models: str) -> set[str]:
    return _view(app, *models) | {f"{app}.change_{model}" for model in models}


def _work(app: str, *models: str) -> set[str]:
    return _change(app, *models) | {f"{app}.add_{model}" for model in models}


def _manage(app: str, *models: str) -> set[str]:
    added = {f"{app}.{action}_{model}" for action in ("add", "delete") for model in models}
    return _change(app, *models) | added


# Missions and files are the ground of all work; rows are limited by `portal.accounts.access`.
_EVERYBODY = _view("missions", "mission") | _view("applications", "application", "document")
# The register of hosting certificates, and on it whether the counter saw the original.
_HOSTING = _view("applications", "hostingcertificate", "hostedapplication")
# What was decided is for all who deal with a file; what people wrote and why urgency was
# claimed, for those who answer.
_DECIDED = _view("applications", "decision", "paperrequest")
_TOLD = _view("applications", "filemessage", "derogation")
_COUNTER = ("decision", "paperrequest", "filemessage", "derogation")
_MAINTAINED = ("maintenance", "maintenancewindow", "moveplan")
_FEES = ("feehold", "payment")
_RULED = ("releaseplan", "releasewindow", "centreswitch")
# Complaints and appeals; who sees which of them is a matter of desks, see complaints.permissions.
_CASES = ("case", "letter", "postbag", "savedview")
_NOTICED = ("signal", "objection")
_PLACES = ("centre", "openinghours", "closure", "slot", "draw", *_RULED)

RIGHTS: dict[Role, set[str]] = {
    Role.AGENT: (
        _EVERYBODY
        | _change("applications", "application", "document")
        | _work("applications", *_COUNTER)
        | _HOSTING
        | _change("applications", "hostedapplication")
        | _view("appointments", *_PLACES, *_MAINTAINED)
        | _change("appointments", "appointment", *_FEES, *_NOTICED)
        | _view("outbox", "message")
        | _change("outbox", "unreachedmessage")
    ),
    Role.CENTRE_MANAGER: (
        _EVERYBODY
        | _DECIDED
        | _change("appointments", "centre", "slot", "appointment")
        | _manage("appointments", "openinghours", "closure", *_RULED)
        | _work("appointments", "draw", *_MAINTAINED)
        | _change("appointments", "tipoff", *_FEES, *_NOTICED)
        | _view("outbox", "message")
        | _change("outbox", "unreachedmessage")
    ),
    Role.COMPLAINT_HANDLER: (
        _EVERYBODY
        | _DECIDED
        | _TOLD
        | _view("appointments", "appointment")
        | _work("complaints", *_CASES)
        | {"complaints.handle_complaint", "complaints.delete_savedview"}
    ),
    Role.APPEAL_OFFICER: (
        _EVERYBODY
        | _DECIDED
        | _TOLD
        | _view("appointments", "appointment")
        | _work("complaints", *_CASES, "appeal", "incomingmail")
        | {"complaints.handle_appeal", "complaints.delete_savedview"}
    ),
    Role.SUPERVISOR: (
        _EVERYBODY
        | _DECIDED
        | _TOLD
        # As the second agent of a derogation (PA-09), where a post has one agent only.
        | _change("applications", "derogation")
        | _HOSTING
        | _view("missions", "providerperiod", "missionlanguage")
        | _view(
            "appointments", *_PLACES, *_MAINTAINED, "appointment", *_FEES, "paymentnotice", "signal"
        )
        | _view("complaints", *_CASES, "appeal", "incomingmail", "skip")
        | _manage("complaints", "desk")
        | _view("outbox", "message", "unreachedmessage")
        | _view("audit", "entry", "access")
    ),
    Role.ADMINISTRATOR: (
        _EVERYBODY
        | _DECIDED
        | _TOLD
        | _HOSTING
        | _manage("missions", "mission", "providerperiod", "missionlanguage")
        | _manage("appointments", "centre", "openinghours", "closure", *_RULED)
        | _change("appointments", "slot", "tipoff")
        | _work("appointments", "draw", *_MAINTAINED)
        | _view("appointments", "appointment", *_FEES, "paymentnotice")
        | _manage("complaints", "desk")
        | _manage("accounts", "user")
        | _view("outbox", "message", "unreachedmessage")
        | _view("audit", "entry", "access")
    ),
}


def grant_roles(app_config: AppConfig, using: str = "default", **_: Any) -> None:
    """Give every role exactly what the table says about one app; safe to run again.

    Connected to `post_migrate`, which is sent once per app.
    """
    if not apps.is_installed("django.contrib.auth"):
        return
    create_permissions(app_config, verbosity=0, using=using)
    existing = Permission.objects.using(using).filter(content_type__app_label=app_config.label)
    for role, rights in RIGHTS.items():
        group, _created = Group.objects.using(using).get_or_create(name=role.value)
        wanted = existing.filter(codename__in=_codenames(rights, app_config.label))
        group.permissions.remove(
            *group.permissions.filter(content_type__app_label=app_config.label).exclude(
                pk__in=wanted
            )
        )
        group.permissions.add(*wanted)


def _codenames(rights: Iterable[str], label: str) -> list[str]:
    return [right.split(".", 1)[1] for right in rights if right.startswith(f"{label}.")]


def unknown_rights() -> list[str]:
    """Return the names in the table that no installed model offers."""
    named = set().union(*RIGHTS.values())
    return sorted(named - _offered_rights())


def _offered_rights() -> set[str]:
    offered = set()
    for model in apps.get_models():
        meta = model._meta
        offered |= {
            f"{meta.app_label}.{action}_{meta.model_name}" for action in meta.default_permissions
        }
        offered |= {f"{meta.app_label}.{codename}" for codename, _name in meta.permissions}
    return offered


@register
def check_rights(app_configs: Any, **_: Any) -> list[CheckMessage]:
    """Report rights in the table of roles that no model offers (W001)."""
    return [
        Warning(
            f"The table of roles names {right}, which no model offers.",
            hint="Correct portal/accounts/roles.py.",
            id="accounts.W001",
        )
        for right in unknown_rights()
    ]
