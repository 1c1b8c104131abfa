"""Appeals that arrived: form, signature, standing, time (RC-01, RC-03 to RC-06, CV-02)."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from applications.rules.remedies import RefusedVisa
from complaints import enums
from complaints.rules.admissibility import (
    Answer,
    ArrivedAppeal,
    Channel,
    Sender,
    admissibility_verdict,
    deficiency_deadline,
)
from complaints.rules.doors import Matter
from portal.dates import ALGIERS
from portal.rules.findings import Verdict

D = date.fromisoformat
SHORT = RefusedVisa.SHORT_STAY


def algiers(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ALGIERS)


# A refusal of which the person was told on the last day of the remonstration: until 30 Jul 2025.
REMONSTRATION = ArrivedAppeal(
    matter=Matter.REFUSAL,
    state="DE",
    visa=SHORT,
    notified=D("2025-06-30"),
    channel=Channel.PORTAL,
    arrived=algiers("2025-07-10T09:00"),
    document=True,
    signed=True,
)


def judged(**changes: object) -> Verdict:
    return admissibility_verdict(replace(REMONSTRATION, **changes))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("channel", "document", "signed", "outcome", "code", "missing"),
    [
        pytest.param("email", True, True, "admissible", None, (), id="signed PDF by mail"),
        pytest.param("portal", True, True, "admissible", None, (), id="signed upload"),
        pytest.param("post", True, True, "admissible", None, (), id="signed letter"),
        pytest.param("fax", True, True, "admissible", None, (), id="signed fax"),
        pytest.param(
            "email", True, False, "deficient", "SIGNATURE_MISSING", ("signature",), id="unsigned"
        ),
        pytest.param(
            "email", True, None, "officer_decides", "SIGNATURE_UNSEEN", (), id="nobody looked"
        ),
        pytest.param(
            "email",
            False,
            None,
            "not_an_appeal",
            "TEXT_IS_NO_APPEAL",
            ("document", "signature"),
            id="text in the mail",
        ),
        pytest.param(
            "desk", True, True, "officer_decides", "FORM_UNKNOWN", (), id="at the counter"
        ),
    ],
)
def test_rc_01_form(
    channel: str,
    document: bool,
    signed: bool | None,
    outcome: str,
    code: str | None,
    missing: tuple[str, ...],
) -> None:
    verdict = judged(channel=Channel(channel), document=document, signed=signed)
    assert verdict.outcome == outcome
    assert verdict.codes() == ([code] if code else [])
    assert verdict.results["missing"] == missing
    assert verdict.results["in_time"] is Answer.YES


@pytest.mark.parametrize(
    ("sender", "letter", "standing", "code"),
    [
        pytest.param("self", None, Answer.YES, None, id="the applicant"),
        pytest.param("guardian", None, Answer.YES, None, id="a parent"),
        pytest.param("representative", True, Answer.YES, None, id="with a letter"),
        pytest.param(
            "representative", False, Answer.NO, "AUTHORITY_LETTER_MISSING", id="without one"
        ),
        pytest.param(
            "representative", None, Answer.UNCLEAR, "AUTHORITY_LETTER_UNSEEN", id="nobody looked"
        ),
        pytest.param("other", None, Answer.UNCLEAR, "STANDING_UNCLEAR", id="a sponsor, say"),
    ],
)
def test_rc_01_standing(
    sender: str, letter: bool | None, standing: Answer, code: str | None
) -> None:
    verdict = judged(sender=Sender(sender), authority_letter=letter)
    assert verdict.results["standing"] is standing
    assert verdict.codes() == ([code] if code else [])


@pytest.mark.parametrize(
    ("arrived", "in_time"),
    [
        pytest.param("2025-07-30T22:59", Answer.YES, id="22:59 in Algiers, 23:59 there"),
        pytest.param("2025-07-30T23:00", Answer.NO, id="23:00 in Algiers, midnight there"),
        pytest.param("2025-07-30T23:30", Answer.NO, id="23:30 in Algiers, the next day there"),
        pytest.param("2025-06-30T15:00", Answer.YES, id="on the day itself"),
        pytest.param("2025-06-29T15:00", Answer.UNCLEAR, id="before the notification"),
    ],
)
def test_cv_02_the_midnight_of_the_authority_counts(arrived: str, in_time: Answer) -> None:
    verdict = judged(arrived=algiers(arrived))
    assert verdict.results["in_time"] is in_time
    assert (verdict.outcome == "late") is (in_time is Answer.NO)


def test_cv_02_in_winter_both_midnights_are_one() -> None:
    winter = replace(REMONSTRATION, notified=D("2024-12-30"))  # until 30 Jan 2025
    last = admissibility_verdict(replace(winter, arrived=algiers("2025-01-30T23:30")))
    assert last.results["in_time"] is Answer.YES
    after = admissibility_verdict(replace(winter, arrived=algiers("2025-01-31T00:00")))
    assert after.outcome == "late"


@pytest.mark.parametrize(
    ("arrived", "postmark", "in_time", "code"),
    [
        pytest.param("2025-07-30T12:00", None, Answer.YES, None, id="it arrived in time"),
        pytest.param(
            "2025-08-04T12:00", "2025-07-30", Answer.UNCLEAR, "POSTED_IN_TIME", id="last day"
        ),
        pytest.param("2025-08-04T12:00", "2025-07-31", Answer.NO, "ARRIVED_LATE", id="posted late"),
        pytest.param(
            "2025-08-04T12:00", None, Answer.UNCLEAR, "POSTMARK_UNREADABLE", id="no postmark"
        ),
    ],
)
def test_rc_06_whether_the_postmark_counts_an_officer_decides(
    arrived: str, postmark: str | None, in_time: Answer, code: str | None
) -> None:
    verdict = judged(
        channel=Channel.POST, arrived=algiers(arrived), postmark=postmark and D(postmark)
    )
    assert verdict.results["in_time"] is in_time
    assert verdict.codes() == ([code] if code else [])


@pytest.mark.parametrize(
    ("notified", "last_day", "arrived", "in_time"),
    [
        # Friday 4 Apr 2025: open in Germany, weekend in Algiers; Sunday 6 is closed in Germany.
        pytest.param("2025-03-04", "2025-04-04", "2025-04-07T12:00", Answer.UNCLEAR, id="Friday"),
        pytest.param("2025-03-04", "2025-04-04", "2025-04-08T12:00", Answer.NO, id="Tuesday after"),
        # Good Friday and Easter Monday 2025: the last day itself moves to Tuesday 22 April.
        pytest.param("2025-03-18", "2025-04-22", "2025-04-22T12:00", Answer.YES, id="Easter"),
        pytest.param("2025-03-18", "2025-04-22", "2025-04-23T12:00", Answer.NO, id="after Easter"),
        # 12 Jan 2023 (Yennayer, a Thursday): a holiday in Algiers alone, then its weekend.
        pytest.param("2022-12-12", "2023-01-12", "2023-01-16T12:00", Answer.UNCLEAR, id="Yennayer"),
        pytest.param("2022-12-12", "2023-01-12", "2023-01-17T12:00", Answer.NO, id="and later"),
        pytest.param("2024-01-29", "2024-02-29", "2024-02-29T23:59", Answer.YES, id="29 February"),
        pytest.param("2024-01-31", "2024-02-29", "2024-03-01T00:00", Answer.NO, id="the day after"),
    ],
)
def test_rc_06_closed_last_days(
    notified: str, last_day: str, arrived: str, in_time: Answer
) -> None:
    verdict = judged(notified=D(notified), arrived=algiers(arrived))
    assert verdict.results["last_day"] == D(last_day)
    assert verdict.results["in_time"] is in_time


def test_rc_05_a_last_day_on_a_sunday_in_france_is_for_an_officer() -> None:
    # Told on 2 Jan 2026: 30 days end on Sunday 1 Feb; no source of ours moves it.
    france = {"state": "FR", "notified": D("2026-01-02")}
    monday = judged(**france, arrived=algiers("2026-02-02T10:00"))
    assert monday.results["last_day"] == D("2026-02-01")
    assert "LAST_DAY_WAS_CLOSED" in monday.codes()
    assert "ARRIVED_LATE" in judged(**france, arrived=algiers("2026-02-03T10:00")).codes()


@pytest.mark.parametrize(
    ("changes", "body"),
    [
        pytest.param({"notified": D("2025-07-01")}, "Verwaltungsgericht Berlin", id="RC-04"),
        pytest.param(
            {"state": "FR", "notified": D("2025-07-01")}, "sous-directeur des visas", id="RC-05"
        ),
        pytest.param({"matter": Matter.ENTRY_REFUSED}, "Bundespolizei", id="RC-03"),
    ],
)
def test_what_another_body_decides_is_passed_on(changes: dict[str, object], body: str) -> None:
    verdict = judged(**changes)
    assert (verdict.outcome, verdict.results["body"]) == ("elsewhere", body)
    assert "ANOTHER_BODY_DECIDES" in verdict.codes()


def test_rc_03_a_refused_entry_is_contested_informally() -> None:
    verdict = judged(matter=Matter.ENTRY_REFUSED, document=False, signed=None)
    assert verdict.results["form"] is Answer.YES
    assert verdict.codes() == ["ANOTHER_BODY_DECIDES"]


def test_rc_06_without_a_notification_date_nothing_is_computed() -> None:
    verdict = judged(notified=None, signed=False)
    assert (verdict.results["in_time"], verdict.results["last_day"]) == (Answer.UNCLEAR, None)
    assert verdict.results["missing"] == ("signature", "notification_date")


def test_rc_06_an_annulled_visa_has_no_deadline_of_ours() -> None:
    verdict = judged(matter=Matter.ANNULMENT)
    assert (verdict.outcome, verdict.codes()) == ("officer_decides", ["NO_DEADLINE_KNOWN"])


def test_late_and_unsigned_says_both() -> None:
    verdict = judged(arrived=algiers("2025-09-01T09:00"), signed=False)
    assert verdict.outcome == "late"
    assert verdict.codes() == ["ARRIVED_LATE", "SIGNATURE_MISSING"]


def test_a_verdict_can_be_stored() -> None:
    stored = judged(arrived=algiers("2025-09-01T09:00")).as_json()
    assert stored["results"]["in_time"] == "no"
    assert stored["results"]["ends_at"] == datetime(2025, 7, 30, 22, tzinfo=UTC).isoformat()
    assert stored["used"]


@pytest.mark.parametrize(
    ("sent", "last_day", "deadline"),
    [
        pytest.param("2026-07-06", None, "2026-07-20", id="two weeks"),
        pytest.param("2026-04-24", None, "2026-05-08", id="a Friday"),
        pytest.param("2026-08-01", None, "2026-08-17", id="Saturday to Monday"),
        pytest.param("2028-02-15", None, "2028-02-29", id="29 February"),
        pytest.param("2026-07-06", "2026-07-30", "2026-07-30", id="the remedy runs longer"),
    ],
)
def test_rc_01_deficiency_letter(sent: str, last_day: str | None, deadline: str) -> None:
    assert deficiency_deadline(D(sent), "DE", last_day and D(last_day)) == D(deadline)


def test_the_stored_words_are_the_rules_words() -> None:
    assert set(enums.Channel.values) == set(Channel)
    assert set(enums.Standing.values) == set(Sender)
    assert set(enums.AppealedDecision.values) <= set(Matter)
