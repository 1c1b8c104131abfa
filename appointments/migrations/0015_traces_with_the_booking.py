"""Write how an appointment was booked with the booking itself: one transaction less in a rush."""

from importlib import import_module

from django.db import migrations

# As in 0011, and with the whole rows of `traces`.
TAKE_SEATS = """
CREATE OR REPLACE FUNCTION appointments_take_seats(request jsonb) RETURNS SETOF bigint
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
  -- Of centres without prepayment there are none. The period runs on the clock of the database.
  INSERT INTO appointments_feehold
    SELECT r.* FROM jsonb_array_elements(coalesce(request->'fees', '[]'::jsonb)) j,
      jsonb_populate_record(NULL::appointments_feehold, j || jsonb_build_object(
        'due_at', clock_timestamp() + make_interval(secs => (j->>'payable_for')::float8))) r;
  RETURN QUERY INSERT INTO outbox_message
    SELECT r.* FROM jsonb_array_elements(request->'messages') j,
      jsonb_populate_record(NULL::outbox_message, j || jsonb_build_object(
        'id', nextval(pg_get_serial_sequence('outbox_message', 'id')))) r
    ON CONFLICT DO NOTHING RETURNING id;

  -- How it was booked, where the caller tells.
  INSERT INTO appointments_bookingtrace
    SELECT r.* FROM jsonb_array_elements(coalesce(request->'traces', '[]'::jsonb)) j,
      jsonb_populate_record(NULL::appointments_bookingtrace, j || jsonb_build_object(
        'id', nextval(pg_get_serial_sequence('appointments_bookingtrace', 'id')))) r;

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
BEFORE = import_module("appointments.migrations.0011_service_fee").TAKE_SEATS


class Migration(migrations.Migration):
    """Replace the function."""

    dependencies = [("appointments", "0014_old_times_not_offered")]

    operations = [migrations.RunSQL(TAKE_SEATS, BEFORE)]
