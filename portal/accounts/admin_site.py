"""The admin, open only to staff who signed in with password and second factor."""

from __future__ import annotations

from django.contrib.admin import AdminSite


class StaffAdminSite(AdminSite):
    """Django's admin behind the second factor."""
