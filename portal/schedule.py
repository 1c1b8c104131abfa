"""What beat starts, and every how many seconds; `portal/celery.py` says why nothing gets lost."""

from __future__ import annotations

from typing import Any

BEAT: dict[str, dict[str, Any]] = {
    "sweep-lost-messages": {
        "task": "portal.outbox.tasks.sweep",
        "schedule": 30.0,
        # A sweep that waited for another one has nothing to add.
        "options": {"expires": 25},
    },
    "open-slots": {"task": "appointments.tasks.open_slots", "schedule": 6 * 3600.0},
    # Far shorter than AT-07's tolerance of two minutes, so that one lost run does no harm.
    "open-due-seats": {"task": "appointments.tasks.open_due_seats", "schedule": 10.0},
    "advance-release-plans": {
        "task": "appointments.tasks.advance_release_plans",
        "schedule": 30.0,
    },
    "release-unpaid": {"task": "appointments.tasks.release_unpaid", "schedule": 30.0},
    "remind-of-fees": {"task": "appointments.tasks.remind_of_fees", "schedule": 300.0},
    "resume-move-plans": {"task": "appointments.tasks.resume_move_plans", "schedule": 60.0},
    "offer-old-times": {
        "task": "appointments.tasks.offer_old_times",
        "schedule": 30.0,
        "options": {"expires": 25},
    },
    "advance-draws": {"task": "appointments.tasks.advance_draws", "schedule": 10.0},
    "notice-signals": {"task": "appointments.tasks.notice_signals", "schedule": 900.0},
    "check-draws": {"task": "appointments.tasks.check_draws", "schedule": 300.0},
    "forget-unused-accounts": {
        "task": "portal.accounts.tasks.forget_unused_accounts",
        "schedule": 3600.0,
    },
    "settle-waiting-files": {"task": "portal.uploads.tasks.settle_waiting", "schedule": 60.0},
    "scan-waiting-files": {"task": "portal.uploads.tasks.scan_waiting", "schedule": 60.0},
    "tell-of-papers-not-fresh": {
        "task": "applications.tasks.tell_of_papers_not_fresh",
        "schedule": 60.0,
    },
    "build-waiting-exports": {
        "task": "portal.data_rights.tasks.build_waiting",
        "schedule": 120.0,
    },
    "warn-of-idle-drafts": {
        "task": "applications.tasks.warn_of_idle_drafts",
        "schedule": 6 * 3600.0,
    },
    # What is not sealed yet can be changed unseen; a run without new rows costs three reads.
    "seal-trail": {"task": "portal.audit.tasks.seal_trail", "schedule": 20.0},
    "purge": {"task": "portal.data_rights.tasks.purge", "schedule": 6 * 3600.0},
    "remove-orphaned-files": {
        "task": "portal.uploads.tasks.remove_orphans",
        "schedule": 6 * 3600.0,
    },
}
