"""The one statement that books, so that no lock is held while Python thinks."""

from django.db import migrations

# `request` holds: owner, from (states that can be booked), to, at; `seats`, one per application
# with what changes in it; and whole rows of `appointments`, `entries` of the trail, `messages`.
# It returns the ids of the messages.  What it refuses has the name of a constraint.
TAKE_SEATS = """
CREATE FUNCTION appointments_take_seats(request jsonb) RETURNS SETOF bigint
LANGUAGE plpgsql AS $$
DECLARE
  found_rows integer;
  wish record;
BEGIN
  -- Locks in the order of the house: applications, appointments, slots by id.
  PERFORM 1 FROM applications_application a
    WHERE a.id IN (SELECT (s->>'application')::uuid FROM jsonb_array_elements(request->'seats') s)
    ORDER BY a.id FOR UPDATE;
  UPDATE applications_application a
    SET state = request->>'to', appointment_day = s.day, passport_verdict = s.verdict,
        updated_at = (request->>'at')::timestamptz
    FROM jsonb_to_recordset(request->'seats')
      AS s(application uuid, version integer, day date, verdict jsonb)
    WHERE a.id = s.application AND a.owner_id = (request->>'owner')::bigint
      AND a.version = s.version AND request->'from' ? a.state;
  GET DIAGNOSTICS found_rows = ROW_COUNT;
  IF found_rows <> jsonb_array_length(request->'seats') THEN
    RAISE EXCEPTION 'an application changed meanwhile'
      USING ERRCODE = 'check_violation', CONSTRAINT = 'application_can_be_booked';
  END IF;

  INSERT INTO appointments_appointment
    SELECT r.* FROM jsonb_array_elements(request->'appointments') j,
      jsonb_populate_record(NULL::appointments_appointment, j) r;
  INSERT INTO audit_entry
    SELECT r.* FROM jsonb_array_elements(request->'entries') j,
      jsonb_populate_record(NULL::audit_entry, j || jsonb_build_object(
        'id', nextval(pg_get_serial_sequence('audit_entry', 'id')))) r;
  RETURN QUERY INSERT INTO outbox_message
    SELECT r.* FROM jsonb_array_elements(request->'messages') j,
      jsonb_populate_record(NULL::outbox_message, j || jsonb_build_object(
        'id', nextval(pg_get_serial_sequence('outbox_message', 'id')))) r
    ON CONFLICT DO NOTHING RETURNING id;

  FOR wish IN
    SELECT (s->>'slot')::bigint AS slot, count(*) AS seats
    FROM jsonb_array_elements(request->'seats') s GROUP BY 1 ORDER BY 1
  LOOP
    UPDATE appointments_slot SET taken = taken + wish.seats
      WHERE id = wish.slot AND taken + wish.seats <= released;
    IF NOT FOUND THEN
      RAISE EXCEPTION 'no seat is left'
        USING ERRCODE = 'check_violation', CONSTRAINT = 'a_seat_is_free';
    END IF;
  END LOOP;
END $$;
"""


class Migration(migrations.Migration):
    """Install the function."""

    dependencies = [
        ("appointments", "0002_booked_together"),
        ("applications", "0002_household_hosting_counter_messages"),
        ("audit", "0001_initial"),
        ("outbox", "0001_initial"),
    ]

    operations = [
        migrations.RunSQL(TAKE_SEATS, "DROP FUNCTION appointments_take_seats(jsonb)"),
    ]
