"""Counts what was booked and cancelled, and keeps a signal where a mark is passed (AT-05).

One statement per kind, on the rows as they are: it can run as often as it likes.  A signal belongs
to the day of its last event, so that counting the same events again writes nothing new, and one
that a person has settled keeps what that person saw.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import connection, transaction

from portal.dates import civil_date

from .rules.law import LAW
from .rules.signals import Mark, SignalKind, fastest_reader

# Each selects: mission_id, subject, first_at, last_at, total, people, appointments (ids).
_OWN_CANCELLATIONS = """
    WITH cancelled AS MATERIALIZED (
      SELECT e.subject_id::uuid AS appointment_id, e.actor_id, e.at FROM audit_entry e
      WHERE e.action = 'appointment.cancel' AND e.at >= %(since)s AND e.at <= %(now)s
        AND e.subject_type = 'appointments.appointment'
        -- Whoever the administration moved may cancel without any disadvantage (RD-07).
        AND NOT EXISTS (
          SELECT FROM appointments_appointmentmove m
          WHERE m.appointment_id = e.subject_id::uuid AND m.kind = 'maintenance'
            AND m.moved_at <= e.at AND e.at < m.choice_until
            AND NOT EXISTS (
              SELECT FROM appointments_appointmentmove l
              WHERE l.appointment_id = m.appointment_id AND l.version > m.version
            )
        )
    ), given AS (
      SELECT a.id, a.slot_id, a.application_id, coalesce(a.party, a.id) AS together, c.at,
        f.owner_id, f.mission_id, a.traveller_key
      FROM cancelled c JOIN appointments_appointment a ON a.id = c.appointment_id
      JOIN applications_application f ON f.id = a.application_id AND f.owner_id = c.actor_id
    )
"""
_TRACED = """
    WITH traced AS (
      SELECT t.at, t.network_key, t.phone_key, t.seconds, a.id, a.traveller_key,
        coalesce(a.party, a.id) AS together, f.owner_id, f.mission_id, f.name_key
      FROM appointments_bookingtrace t JOIN appointments_appointment a ON a.id = t.appointment_id
      JOIN applications_application f ON f.id = a.application_id
      WHERE t.at >= %(since)s AND t.at <= %(now)s
    )
"""
_COUNTED = {
    # A family that cancels and books again in one go did so once.
    SignalKind.REBOOKING: (
        _OWN_CANCELLATIONS,
        """
        SELECT g.mission_id, 'account ' || g.owner_id AS subject, min(g.at) AS first_at,
          max(g.at) AS last_at, count(DISTINCT g.together) AS total,
          count(DISTINCT g.traveller_key) AS people, array_agg(DISTINCT g.id) AS ids
        FROM given g WHERE EXISTS (
          SELECT 1 FROM appointments_appointment n
          WHERE n.application_id = g.application_id AND n.booked_at > g.at)
        GROUP BY g.mission_id, g.owner_id
        """,
    ),
    # Between the same two accounts, or every busy time would look like it.
    SignalKind.HANDED_ON: (
        _OWN_CANCELLATIONS,
        """
        SELECT g.mission_id, 'accounts ' || g.owner_id || ' ' || t.owner_id AS subject,
          min(g.at) AS first_at, max(n.booked_at) AS last_at,
          count(DISTINCT g.together) AS total, count(DISTINCT n.traveller_key) AS people,
          array_agg(DISTINCT g.id) || array_agg(DISTINCT n.id) AS ids
        FROM given g JOIN appointments_appointment n
          ON n.slot_id = g.slot_id AND n.booked_at > g.at AND n.booked_at <= %(now)s
        JOIN applications_application t ON t.id = n.application_id AND t.owner_id <> g.owner_id
        GROUP BY g.mission_id, g.owner_id, t.owner_id
        """,
    ),
    SignalKind.NETWORK: (
        _TRACED,
        """
        SELECT mission_id, 'network ' || encode(network_key, 'hex') AS subject,
          min(at) AS first_at, max(at) AS last_at, count(DISTINCT owner_id) AS total,
          count(DISTINCT traveller_key) AS people, array_agg(id) AS ids
        FROM traced GROUP BY mission_id, network_key
        """,
    ),
    # A family whose adults have accounts of their own shares its name.
    SignalKind.PHONE: (
        _TRACED,
        """
        SELECT mission_id, 'phone ' || encode(phone_key, 'hex') AS subject,
          min(at) AS first_at, max(at) AS last_at,
          least(count(DISTINCT owner_id), count(DISTINCT name_key)) AS total,
          count(DISTINCT traveller_key) AS people, array_agg(id) AS ids
        FROM traced WHERE phone_key IS NOT NULL GROUP BY mission_id, phone_key
        """,
    ),
    SignalKind.SPEED: (
        _TRACED,
        """
        SELECT mission_id, 'account ' || owner_id AS subject, min(at) AS first_at,
          max(at) AS last_at, count(DISTINCT together) AS total,
          count(DISTINCT traveller_key) AS people, array_agg(id) AS ids
        FROM traced WHERE seconds < %(fastest)s GROUP BY mission_id, owner_id
        """,
    ),
}
_KEPT = """
    , counted AS ({counted}), kept AS (
      INSERT INTO appointments_signal AS s (id, mission_id, kind, subject, day, numbers,
        first_seen_at, last_seen_at, state, note)
      SELECT gen_random_uuid(), mission_id, %(kind)s, subject,
        (last_at AT TIME ZONE 'Africa/Algiers')::date,
        jsonb_build_object('count', total, 'people', people), first_at, last_at, 'new', ''
      FROM counted WHERE total > %(mark)s
      ON CONFLICT (mission_id, kind, subject, day) DO UPDATE
        SET numbers = excluded.numbers, last_seen_at = excluded.last_seen_at
        WHERE s.state IN ('new', 'looked_at') AND s.last_seen_at < excluded.last_seen_at
      RETURNING s.id, s.mission_id, s.subject
    ), named AS (
      INSERT INTO appointments_signal_appointments (signal_id, appointment_id)
      SELECT k.id, unnest(c.ids) FROM kept k JOIN counted c USING (mission_id, subject)
      ON CONFLICT DO NOTHING
    )
    SELECT count(*) FROM kept
"""


def notice(*, now: datetime) -> int:
    """Count everything anew and return how many signals are new or grew; safe to run again."""
    return sum(_notice(kind, now) for kind in SignalKind)


@transaction.atomic
def _notice(kind: SignalKind, now: datetime) -> int:
    law = LAW.on(civil_date(now))
    mark = Mark.by(law, kind)
    rows, counted = _COUNTED[kind]
    values: dict[str, Any] = {
        "kind": str(kind),
        "mark": mark.number,
        "since": now - mark.window,
        "now": now,
        "fastest": fastest_reader(law).total_seconds(),
    }
    with connection.cursor() as cursor:
        cursor.execute(rows + _KEPT.format(counted=counted), values)
        found: int = cursor.fetchone()[0]
    return found
