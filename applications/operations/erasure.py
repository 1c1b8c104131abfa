"""End files and accounts for good, history included (DP-04, DP-05).  One transaction each."""

from __future__ import annotations

import secrets
import uuid
from collections.abc import Callable, Sequence

from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.db.models import ProtectedError

from portal.accounts.models import User
from portal.audit import operations as audit
from portal.audit.erasure import erase_history, forget_actor
from portal.data_rights.exporting import remove_exports
from portal.data_rights.models import DataExport
from portal.data_rights.notifications import AccountClosed
from portal.data_rights.purges import unprotected
from portal.outbox.models import Message, messages_to
from portal.outbox.operations import enqueue
from portal.outbox.workflow import ENDED
from portal.references import new_reference
from portal.uploads.models import StoredFile
from portal.uploads.operations import destroy_all

from ..ending import tell
from ..models import (
    Application,
    Decision,
    Derogation,
    Document,
    DocumentFile,
    FileMessage,
    HostedApplication,
    HostingCertificate,
    PaperRequest,
    Traveller,
)
from ..refusals import AccountHasFiles, AppointmentFirst, FileIsKept, StaffAccount
from ..standing import Standing, standing

AccountHook = Callable[[User], None]
_ACCOUNT_HOOKS: list[AccountHook] = []


def before_closing(hook: AccountHook) -> None:
    """Call `hook(user)` before an account is closed: it may raise Refused, or end its rows."""
    if hook not in _ACCOUNT_HOOKS:
        _ACCOUNT_HOOKS.append(hook)


@transaction.atomic
def delete_application(*, application_id: uuid.UUID, owner: User) -> None:
    """Delete a file that was never handed in, at once and everywhere.

    Raises AppointmentFirst for a booked one, FileIsKept for one that the authority has or had,
    Application.DoesNotExist for a foreign one.
    """
    row = Application.objects.select_for_update().get(pk=application_id, owner=owner)
    _refuse_unless_erasable(row)
    audit.record(actor=owner, action="application.delete", subject=row)
    _forget_mail(owner, row.reference)
    _forget_archives(owner)
    erase_applications([row])


@transaction.atomic
def close_account(*, owner: User) -> None:
    """Delete the account with everything; what must stay loses every trait of the person.

    Raises StaffAccount, AppointmentFirst, or AccountHasFiles while an authority examines a file:
    its questions and its answer must reach the person.
    """
    user = User.objects.select_for_update().get(pk=owner.pk)
    if user.is_staff:
        raise StaffAccount
    files = list(Application.objects.select_for_update().filter(owner=user).order_by("pk"))
    _refuse_unless_closable(files)
    for hook in _ACCOUNT_HOOKS:
        hook(user)
    audit.record(actor=user, action="account.close", subject=user)
    erase_applications([one for one in files if standing(one) is Standing.ERASABLE])
    anonymise_applications([one for one in files if standing(one) is Standing.CLOSED])
    messages_to(user.email).delete()
    enqueue(AccountClosed.of(user))
    end_account(user)


def end_account(user: User) -> None:
    """Remove a locked account and what only it held; inside the caller's transaction."""
    _forget_archives(user)
    HostingCertificate.objects.filter(owner=user).delete()
    Traveller.objects.filter(owner=user).delete()
    loose = unprotected(StoredFile.objects.filter(owner=user))
    destroy_all(loose, reason="account closed")
    forget_actor(user.pk)
    try:
        with transaction.atomic():
            User.objects.get(pk=user.pk).delete()
    except ProtectedError:
        _anonymise_account(user)


def erase_applications(rows: Sequence[Application]) -> int:
    """Delete locked applications with papers, conversation and history; returns how many."""
    if not rows:
        return 0
    tell(rows, erase=True)
    keys = [row.pk for row in rows]
    _remove_papers(keys)
    Decision.objects.filter(application__in=keys).delete()
    Application.objects.filter(pk__in=keys).delete()
    erase_history(Application, keys)
    return len(rows)


def anonymise_applications(rows: Sequence[Application]) -> int:
    """Leave of locked applications what counts cases and leads to nobody; returns how many."""
    if not rows:
        return 0
    tell(rows, erase=False)
    keys = [row.pk for row in rows]
    _remove_papers(keys)
    for model in (FileMessage, PaperRequest, Derogation, HostedApplication):
        model.objects.filter(application__in=keys).delete()
    Decision.objects.filter(application__in=keys).update(reason="")
    for row in rows:
        _strip(row)
    erase_history(Application, keys)
    return len(rows)


# --- parts ----------------------------------------------------------------------------------


def _refuse_unless_erasable(row: Application) -> None:
    stands = standing(row)
    if stands is Standing.BOOKED:
        raise AppointmentFirst(params={"references": row.reference})
    if stands is not Standing.ERASABLE:
        raise FileIsKept(params={"references": row.reference})


def _refuse_unless_closable(files: Sequence[Application]) -> None:
    for stands, refusal in (
        (Standing.BOOKED, AppointmentFirst),
        (Standing.WITH_AUTHORITY, AccountHasFiles),
    ):
        named = [one.reference for one in files if standing(one) is stands]
        if named:
            raise refusal(params={"references": ", ".join(named)})


def _forget_mail(owner: User, reference: str) -> None:
    """Delete the messages that named a file; one that is on its way goes with its period."""
    rows = messages_to(owner.email).filter(state__in=ENDED)
    named = [row.pk for row in rows if reference in row.context.values()]
    Message.objects.filter(pk__in=named).delete()


def _forget_archives(owner: User) -> None:
    """Delete the archives made before: they hold what is deleted now."""
    remove_exports(list(DataExport.objects.select_for_update().filter(owner=owner)))


def _remove_papers(keys: Sequence[uuid.UUID]) -> None:
    """Delete papers, their history and their files; the files come after what points at them."""
    parts = DocumentFile.objects.filter(document__application__in=keys)
    files = list(StoredFile.objects.filter(pk__in=list(parts.values_list("file", flat=True))))
    papers = Document.objects.filter(application__in=keys)
    paper_keys = list(papers.values_list("pk", flat=True))
    parts.delete()
    papers.delete()
    erase_history(Document, paper_keys)
    if files:
        destroy_all(files, reason="file ended")


def _strip(row: Application) -> None:
    """Overwrite every trait of the traveller; the key becomes a number nobody can recompute."""
    Application.objects.filter(pk=row.pk).update(
        reference=new_reference("A"),
        person=None,
        family_name="",
        given_names="",
        birth_date=None,
        nationality="",
        passport_number="",
        passport_issued_on=None,
        passport_expires_on=None,
        blank_pages=None,
        passport_defects=[],
        passport_verdict={},
        urgency_reason="",
        details={},
        review_reasons=[],
        agreed={},
        traveller_key=secrets.token_bytes(32),
        name_key=None,
        passport_key=None,
    )


def _anonymise_account(user: User) -> None:
    """Leave a number without a person, which the kept rows point at."""
    User.objects.filter(pk=user.pk).update(
        email=f"erased-{user.pk}@erased.invalid",
        password=make_password(None),
        is_active=False,
        last_login=None,
        language="fr",
    )
    user.groups.clear()
    user.missions.clear()
