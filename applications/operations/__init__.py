"""What happens to a file.  One module per subject; each function is one transaction."""

from .filing import (
    AGREED_TEXTS,
    check_document,
    correct,
    expect_on,
    keep_passport_verdict,
    missing_answers,
    record_counter_step,
    save_answers,
    start_application,
    submit,
    withdraw,
)

__all__ = [
    "AGREED_TEXTS",
    "check_document",
    "correct",
    "expect_on",
    "keep_passport_verdict",
    "missing_answers",
    "record_counter_step",
    "save_answers",
    "start_application",
    "submit",
    "withdraw",
]
