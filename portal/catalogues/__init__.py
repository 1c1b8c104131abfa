"""Translations: read out of the code, kept in portal/locale, compiled without system gettext."""
