"""The statements that move everybody.  `moving` holds one row per person who moves.

Locks in the order of the house: applications, appointments, slots by id.  All three tables made
ready belong to one connection and go with it.
"""

from __future__ import annotations

import json
from typing import Any

from portal import rows
from portal.audit import operations as audit
from portal.audit.models import Entry

from ..models import MovePlan
from ..move_facts import AFFECTED

MAKE_READY = """
    CREATE TEMPORARY TABLE moving (
      appointment uuid PRIMARY KEY, application uuid, old_slot bigint, new_slot bigint,
      version integer, minutes integer, why text, day date, choice_until timestamptz
    );
    CREATE TEMPORARY TABLE unmoved (appointment uuid);
    CREATE TEMPORARY TABLE moving_message AS
      SELECT %(message_columns)s FROM outbox_message WITH NO DATA
"""
FORGET_READY = "DROP TABLE IF EXISTS moving, unmoved, moving_message"
WRITE_MESSAGES = """
    INSERT INTO outbox_message (%(message_columns)s)
    SELECT %(message_columns)s FROM moving_message
"""

# pgtrigger asks on each row which triggers look away, and where nothing was ever set that fails in
# a subtransaction.  Undoing one walks through all deferred checks: with 100,000, a square of them.
NO_TRIGGER_LOOKS_AWAY = "SET LOCAL pgtrigger.ignore = '{}'"

# Two plans of one maintenance tell the same people: the second waits, then finds them moved.
ONE_PLAN_AT_A_TIME = "SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))"
LOCKS = (
    """
    SELECT FROM applications_application WHERE id IN (SELECT application FROM moving)
    ORDER BY id FOR NO KEY UPDATE
    """,
    """
    SELECT FROM appointments_appointment WHERE id IN (SELECT appointment FROM moving)
    ORDER BY id FOR NO KEY UPDATE
    """,
    """
    SELECT FROM appointments_slot
    WHERE id IN (SELECT old_slot FROM moving UNION SELECT new_slot FROM moving)
    ORDER BY id FOR NO KEY UPDATE
    """,
)

SOMEBODY_CHANGED = """
    SELECT EXISTS (
      SELECT FROM moving m LEFT JOIN appointments_appointment a
        ON a.id = m.appointment AND a.slot_id = m.old_slot AND a.version = m.version
        AND a.state = 'booked'
      WHERE a.id IS NULL
    )
"""
_PLANNED = "SELECT appointment FROM moving UNION ALL SELECT appointment FROM unmoved"
OTHERS_MUST_MOVE = f"""
    SELECT EXISTS (SELECT a.id {AFFECTED} EXCEPT ({_PLANNED}))
      OR EXISTS (({_PLANNED}) EXCEPT SELECT a.id {AFFECTED})
"""
A_SEAT_IS_GONE = """
    SELECT EXISTS (
      SELECT FROM (SELECT new_slot, count(*) AS seats FROM moving GROUP BY 1) m
      LEFT JOIN appointments_slot s ON s.id = m.new_slot
      WHERE s.id IS NULL OR s.is_suspended
        OR m.seats > s.released - s.taken + coalesce((%s::jsonb ->> s.id::text)::integer, 0)
        OR EXISTS (
          SELECT FROM appointments_maintenancewindow o
          WHERE o.centre_id = s.centre_id AND o.in_force
            AND lower(o.hours) < s.starts_at + s.minutes * interval '1 minute'
            AND s.starts_at < upper(o.hours)
        )
    )
"""

# Nothing becomes free in a window: what leaves it is not released any more either.
LEAVE_OLD_SLOTS = """
    UPDATE appointments_slot s SET taken = s.taken - m.seats, released = s.released - m.seats
    FROM (SELECT old_slot, count(*) AS seats FROM moving GROUP BY 1) m WHERE s.id = m.old_slot
"""
# Of the seats that staff added, those come into being that somebody sits on.
TAKE_NEW_SLOTS = """
    UPDATE appointments_slot s
    SET taken = s.taken + m.seats, released = s.released + m.more, capacity = s.capacity + m.more
    FROM (
      SELECT new_slot, count(*) AS seats,
        least(
          greatest(0, count(*) - (n.released - n.taken)),
          coalesce((%s::jsonb ->> n.id::text)::integer, 0)
        ) AS more
      FROM moving JOIN appointments_slot n ON n.id = new_slot
      GROUP BY new_slot, n.id, n.released, n.taken
    ) m
    WHERE s.id = m.new_slot
"""
MOVE_APPOINTMENTS = """
    UPDATE appointments_appointment a
    SET slot_id = m.new_slot, version = m.version + 1, updated_at = %s
    FROM moving m WHERE a.id = m.appointment
"""
MOVE_DAYS = """
    UPDATE applications_application a SET appointment_day = m.day
    FROM moving m WHERE a.id = m.application AND a.appointment_day IS DISTINCT FROM m.day
"""
REMEMBER_MOVES = """
    INSERT INTO appointments_appointmentmove
      (appointment_id, plan_id, kind, old_slot_id, new_slot_id, minutes, why, version, moved_at,
       choice_until)
    SELECT appointment, %s, 'maintenance', old_slot, new_slot, minutes, why, version + 1, %s,
      choice_until
    FROM moving
"""
# What was not sent by now would tell of a time that does not hold any more.
SILENCE_OLDER_MESSAGES = """
    UPDATE outbox_message o SET useful_until = %s
    FROM moving m
    WHERE o.subject = 'appointment:' || m.appointment AND o.version <= m.version
      AND o.state NOT IN ('sent', 'expired', 'telephoned')
"""


def trail_of(row: MovePlan) -> tuple[str, list[Any]]:
    """Return the statement that writes one line of the trail per person, and its parameters.

    The line is made by its model, so that a new column needs no new statement.
    """
    line = audit.unsaved(
        actor=row.applied_by,
        action="appointment.move",
        subject=row,
        reason=row.maintenance.reference,
    )
    differs = {
        "subject_type": "'appointments.appointment'",
        "subject_id": "m.appointment::text",
        "details": "jsonb_build_object('from', m.old_slot, 'to', m.new_slot, 'why', m.why, "
        "'plan', t.subject_id)",
    }
    names = [str(field.column) for field in Entry._meta.concrete_fields if not field.primary_key]
    values = [differs.get(name, f't."{name}"') for name in names]
    statement = f"""
        INSERT INTO audit_entry ({", ".join(names)})
        SELECT {", ".join(values)}
        FROM moving m, jsonb_populate_record(NULL::audit_entry, %s::jsonb) t
    """  # noqa: S608  # nosec B608  # columns of the model
    return statement, [json.dumps(rows.as_json(line))]
