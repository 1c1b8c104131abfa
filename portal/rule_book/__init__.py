"""The rule book as public pages."""
