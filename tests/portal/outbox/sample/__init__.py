"""An app with one notification, for the tests of the outbox."""
