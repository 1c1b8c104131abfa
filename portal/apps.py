from django.apps import AppConfig
from django.contrib.admin.apps import AdminConfig
from django.contrib.staticfiles.apps import StaticFilesConfig


class PortalConfig(AppConfig):
    """The site itself: its template tags and management commands."""

    name = "portal"
    verbose_name = "Guichet"

    def ready(self) -> None:
        """Register what the house checks of its settings."""
        from portal import checks  # noqa: F401
        from portal.payments import checks as payment_checks  # noqa: F401


class StaffAdminConfig(AdminConfig):
    """Django's admin behind the second factor."""

    default_site = "portal.accounts.admin_site.StaffAdminSite"


class PublicFilesConfig(StaticFilesConfig):
    """Static files without the parts of Bootstrap that no page uses: 2 MB instead of 11."""

    ignore_patterns = [
        *StaticFilesConfig.ignore_patterns,
        "bootstrap/js",
        "bootstrap.css*",
        "bootstrap.rtl.css*",
        "bootstrap-*",
    ]
