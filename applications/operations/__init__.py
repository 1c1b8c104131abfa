"""What happens to a file.  One module per subject; each function is one transaction."""

from .counter import (
    propose_derogation,
    record_counter_step,
    record_passport_seen,
    settle_derogation,
)
from .decisions import decide, record_notification
from .filing import (
    AGREED_TEXTS,
    correct,
    expect_on,
    keep_passport_verdict,
    missing_answers,
    save_answers,
    start_application,
    submit,
    withdraw,
)
from .messages import mark_read, write
from .papers import (
    PaperSays,
    add_file,
    check_paper,
    note_refused_file,
    provide_paper,
    remove_file,
    take_back,
    tell_dates,
)
from .requests import answer_request, ask_papers, take_back_request

__all__ = [
    "AGREED_TEXTS",
    "PaperSays",
    "add_file",
    "answer_request",
    "ask_papers",
    "check_paper",
    "correct",
    "decide",
    "expect_on",
    "keep_passport_verdict",
    "mark_read",
    "missing_answers",
    "note_refused_file",
    "propose_derogation",
    "provide_paper",
    "record_counter_step",
    "record_notification",
    "record_passport_seen",
    "remove_file",
    "save_answers",
    "settle_derogation",
    "start_application",
    "submit",
    "take_back",
    "take_back_request",
    "tell_dates",
    "withdraw",
    "write",
]
