from collections.abc import Iterable
from typing import Any

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
        _hide_the_trail()


def _hide_the_trail() -> None:
    """Keep the traces of a complaint from whom it is about, as the complaint is."""
    from portal.audit.hidden import hide

    from .models import Case, CaseFile, Letter
    from .permissions import kept_from

    def letters(user: Any) -> Iterable[Any]:
        return Letter.objects.filter(case__in=kept_from(user)).values_list("pk", flat=True)

    def files(user: Any) -> Iterable[Any]:
        return CaseFile.objects.filter(case__in=kept_from(user)).values_list("file_id", flat=True)

    hide(Case._meta.label_lower, lambda user: kept_from(user).values_list("pk", flat=True))
    hide(Letter._meta.label_lower, letters)
    hide("uploads.storedfile", files)
