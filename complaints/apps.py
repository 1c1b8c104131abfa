from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ComplaintsConfig(AppConfig):
    name = "complaints"
    verbose_name = _("Complaints")

    def ready(self) -> None:
        """Know the messages, hear when checks of files end, say what is held and when it ends."""
        from portal.uploads.signals import file_settled

        from . import (
            appeal_notifications,  # noqa: F401  # declares its kinds
            data_rights,
        )
        from .operations import appeal_files

        file_settled.connect(appeal_files.file_settled, dispatch_uid="complaints.appeal_files")
        data_rights.register()
