"""From a line of the register to the facts that the rules judge, and back."""

from __future__ import annotations

from applications.rules.remedies import RefusedVisa
from portal.rules.findings import Verdict

from .enums import Signature
from .models import Appeal
from .rules.admissibility import Answer, ArrivedAppeal, Channel, Sender, admissibility_verdict
from .rules.doors import Matter

_SEEN = {Signature.UNSEEN: None, Signature.SEEN: True, Signature.MISSING: False}
_LATE = {Answer.YES: False, Answer.NO: True, Answer.UNCLEAR: None}


def arrived(appeal: Appeal) -> ArrivedAppeal:
    """Return the facts of a registered appeal; what is registered has a document (RC-01)."""
    return ArrivedAppeal(
        matter=Matter(appeal.against),
        state=appeal.mission.state,
        channel=Channel(appeal.case.channel),
        arrived=appeal.arrived_at,
        document=True,
        visa=RefusedVisa.LONG_STAY if appeal.is_long_stay else RefusedVisa.SHORT_STAY,
        notified=appeal.notified_on,
        postmark=appeal.postmarked_on,
        signed=_SEEN[Signature(appeal.signature)],
        sender=Sender(appeal.standing),
        authority_letter=appeal.authority_seen,
    )


def judged(appeal: Appeal) -> Verdict:
    """Judge an appeal by the reading of its mission, and put the answer into the row, unsaved."""
    verdict = admissibility_verdict(arrived(appeal), appeal.mission.ruleset_for("RC"))
    appeal.verdict = verdict.as_json()
    appeal.is_late = _LATE[verdict.results["in_time"]]
    appeal.last_day = verdict.results["last_day"]
    return verdict
