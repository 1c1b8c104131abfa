from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DataRightsConfig(AppConfig):
    name = "portal.data_rights"
    label = "data_rights"
    verbose_name = _("Data rights")

    def ready(self) -> None:
        """Register what the shared rooms hold about a person, and the end of exports."""
        from portal.data_rights.notifications import ExportReady  # noqa: F401  # known by kind
        from portal.data_rights.own import register

        register()
