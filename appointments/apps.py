from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AppointmentsConfig(AppConfig):
    name = "appointments"
    verbose_name = _("Appointments")

    def ready(self) -> None:
        """Say what is held about a person and when it ends, what is closed when, which counters."""
        from portal.payments.receiving import register_receiver

        from . import closings, counters, data_rights, fee_data, walk_in_data
        from .operations.fee_payments import take_notice

        closings.register()
        counters.register()
        data_rights.register()
        walk_in_data.register()
        fee_data.register()
        register_receiver(take_notice)
