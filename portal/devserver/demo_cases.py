"""Complaints and appeals to handle, and the desks of the demonstration's handlers."""

from __future__ import annotations

from datetime import timedelta

from django.core.files.base import ContentFile
from django.utils import timezone

from complaints.enums import SUBJECTS, AppealedDecision, Category, Channel, FileRole
from complaints.models import Case, Desk
from complaints.operations.appeals import Contested, register_appeal
from complaints.operations.arrival import Person
from complaints.operations.complaining import Told, complain
from portal.accounts.demo import STAFF
from portal.accounts.models import User
from portal.accounts.roles import Role
from portal.dates import civil_date
from portal.missions.models import Mission
from portal.paper.blocks import Paragraph
from portal.paper.sheet import Sheet

DESKS = {
    Role.COMPLAINT_HANDLER: [str(one) for one in SUBJECTS],
    Role.APPEAL_OFFICER: [str(Category.APPEAL)],
}
# Subject, language, who, and what they wrote.
COMPLAINTS = (
    (
        "provider",
        "fr",
        "Nadia Haddad",
        "Le 3 novembre au guichet, on m’a demandé de payer une assurance que j’avais déjà. "
        "L’employé n’a pas voulu regarder mon contrat et m’a dit de revenir un autre jour.",
    ),
    (
        "procedure",
        "de",
        "Karim Meziane",
        "Ich habe drei Wochen lang keinen freien Termin gefunden. Auf der Seite stand jeden "
        "Morgen, dass alle Plätze vergeben sind. Bitte erklären Sie mir, wie ich einen bekomme.",
    ),
    (
        "staff",
        "fr",
        "Salima Aït Ahmed",
        "La personne qui m’a reçue au consulat a parlé très fort devant tout le monde de ma "
        "situation familiale. J’ai trouvé cela humiliant et je demande des excuses.",
    ),
)
APPEALS = (("Yacine Boudiaf", "fr", 12), ("Samia Khelifi", "de", 45))  # days since notification


def load_cases() -> int:
    """Create the desks, complaints and appeals once; returns how many cases are new."""
    for colleague in STAFF:
        if colleague.role in DESKS:
            user = User.objects.get(email=colleague.email)
            categories = {"categories": DESKS[colleague.role]}
            Desk.objects.get_or_create(user=user, defaults=categories)
    if Case.objects.exists():
        return 0
    germany = Mission.objects.get(code="de-algiers")
    for subject, language, name, text in COMPLAINTS:
        _complain(germany, subject, language, name, text)
    for name, language, days in APPEALS:
        _appeal(germany, name, language, days)
    return len(COMPLAINTS) + len(APPEALS)


def _complain(mission: Mission, subject: str, language: str, name: str, text: str) -> None:
    told = Told(
        mission=mission,
        subjects=[subject],
        text=text,
        declared=language,
        page=language,
        person=_person(name),
        by_post=subject == "staff",
    )
    complain(told=told, address="127.0.0.1")


def _appeal(mission: Mission, name: str, language: str, days: int) -> None:
    """Register an appeal that came by post; its letter is a page with nothing secret on it."""
    today = civil_date(timezone.now())
    letter = Sheet(
        title="Rechtsbehelf" if language == "de" else "Recours",
        language=language,
        day=today,
        blocks=[Paragraph(name), Paragraph("– demo –")],
    ).pdf()
    officer = User.objects.get(
        email=f"{Role.APPEAL_OFFICER.value.replace('_', '-')}@guichet.example"
    )
    register_appeal(
        mission=mission,
        person=_person(name),
        contested=Contested(
            against=AppealedDecision.REFUSAL,
            notified_on=today - timedelta(days=days),
            postmarked_on=today - timedelta(days=4),
        ),
        language=language,
        channel=Channel.POST,
        letters=[(ContentFile(letter, name="letter.pdf"), FileRole.SCAN)],
        arrived_at=timezone.now() - timedelta(days=1),
        actor=officer,
    )


def _person(name: str) -> Person:
    address = f"{name.split()[0].lower()}@example.org"
    return Person(
        name=name, email=address, postal_address="12, rue Didouche Mourad\n16000 ALGER\nALGÉRIE"
    )
