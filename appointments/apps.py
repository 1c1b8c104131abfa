from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AppointmentsConfig(AppConfig):
    name = "appointments"
    verbose_name = _("Appointments")

    def ready(self) -> None:
        """Say what is held about a person, and when it ends."""
        from . import data_rights, walk_in_data

        data_rights.register()
        walk_in_data.register()
