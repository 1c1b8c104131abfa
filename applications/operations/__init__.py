"""What happens to a file.  One module per subject; each function is one transaction."""

from .counter import (
    propose_derogation,
    record_counter_step,
    record_passport_seen,
    settle_derogation,
)
from .decisions import decide, record_notification
from .filing import (
    agree,
    agreed_texts,
    correct,
    expect_on,
    keep_typed,
    missing_answers,
    save_answers,
    start_application,
    submit,
    texts_to_read,
    withdraw,
)
from .household import add_traveller, change_traveller, remove_traveller
from .journeys import copy_journey, share_journey
from .messages import mark_read, write
from .paper_days import keep_passport_verdict
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
    "PaperSays",
    "add_file",
    "add_traveller",
    "agree",
    "agreed_texts",
    "answer_request",
    "ask_papers",
    "change_traveller",
    "check_paper",
    "copy_journey",
    "correct",
    "decide",
    "expect_on",
    "keep_passport_verdict",
    "keep_typed",
    "mark_read",
    "missing_answers",
    "note_refused_file",
    "propose_derogation",
    "provide_paper",
    "record_counter_step",
    "record_notification",
    "record_passport_seen",
    "remove_file",
    "remove_traveller",
    "save_answers",
    "settle_derogation",
    "share_journey",
    "start_application",
    "submit",
    "take_back",
    "take_back_request",
    "tell_dates",
    "texts_to_read",
    "withdraw",
    "write",
]
