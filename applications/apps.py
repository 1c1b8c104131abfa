from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ApplicationsConfig(AppConfig):
    name = "applications"
    verbose_name = _("Applications")

    def ready(self) -> None:
        """Listen to what becomes of uploaded files; say what is held and when it ends."""
        from portal.uploads.signals import file_settled

        from . import data_export, purges
        from .ending import before_ending
        from .operations.receipts import forget_receipts

        file_settled.connect(_hear_of_file, dispatch_uid="papers")
        before_ending(forget_receipts)
        data_export.register()
        purges.register()


def _hear_of_file(*, stored_file, **_rest: object) -> None:  # type: ignore[no-untyped-def]
    from .operations import note_refused_file

    if stored_file.refusal:
        note_refused_file(stored_file=stored_file)
