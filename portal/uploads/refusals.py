"""Why a file is not taken, or not shown, and what to do."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from portal.refusals import Refused, Text

from . import limits

SCAN_AGAIN = _("Scan or photograph the paper again, and choose the new file.")
SAVE_AS_PDF = _("Open it, print it into a new PDF, and choose that one.")


class FileRefused(Refused):
    """A file is not taken; `params` always hold the limits in megabytes, pages, megapixels."""

    code = "unreadable"
    message = _("This file could not be read to its end.")
    remedy = SCAN_AGAIN

    def __init__(self, *, params: Mapping[str, Any] | None = None) -> None:
        super().__init__(params={**limits.in_words(), **(params or {})})


class Empty(FileRefused):
    """0 bytes."""

    code = "empty"
    message = _("This file is empty.")
    remedy = _("Check on your device that it opens, and choose it again.")


class TooBig(FileRefused):
    """More bytes than one file may have."""

    code = "too_big"
    message = _("This file is too big: at most %(megabytes)s MB are possible.")
    remedy = _("Scan with 200 to 300 dots per inch, or send the pages as several files.")


class UnknownContent(FileRefused):
    """Neither a PDF nor one of the pictures, whatever its name says."""

    code = "unknown_content"
    message = _("This file is neither a PDF nor a JPEG, PNG or HEIC picture, whatever its name.")
    remedy = _("Save the paper as a PDF, or photograph it, and choose that file.")


class Program(FileRefused):
    """A program, whatever its name."""

    code = "program"
    message = _("This file is a program and not a paper, whatever its name.")
    remedy = _("Do not open it. Scan or photograph the paper, and choose that file.")


class Archive(FileRefused):
    """A zip or another archive, office documents among them."""

    code = "archive"
    message = _("This file is an archive or an office document, which cannot be taken.")
    remedy = _("Take the papers out of the archive, save each as a PDF, and choose them singly.")


class Broken(FileRefused):
    """Cut off, damaged, or two kinds of file in one."""

    code = "broken"
    message = _("This file is damaged or incomplete.")
    remedy = SCAN_AGAIN


class Locked(FileRefused):
    """A PDF that asks for a password, or was encrypted without one."""

    code = "locked"
    message = _("This PDF is protected or asks for a password, so nobody could read it here.")
    remedy = _("Save it without protection, or print it into a new PDF, and choose that one.")


class TooManyPages(FileRefused):
    """More pages than one PDF may have."""

    code = "too_many_pages"
    message = _("This PDF has too many pages: at most %(pages)s are possible.")
    remedy = _("Send only the pages that are asked for, or several files.")


class TooManyPixels(FileRefused):
    """More pixels than a picture, or a picture in a PDF, may have."""

    code = "too_many_pixels"
    message = _("This picture is too large: at most %(megapixels)s megapixels are possible.")
    remedy = _("Photograph or scan the paper with a lower resolution.")


class TooHeavy(FileRefused):
    """Small, and yet more than memory or time allows when opened: a bomb, or built like one."""

    code = "too_heavy"
    message = _("This file grows beyond all bounds when it is opened, so it cannot be checked.")
    remedy = SAVE_AS_PDF


class DynamicForm(FileRefused):
    """A PDF whose pages a script draws (XFA): without the script there is nothing to read."""

    code = "dynamic_form"
    message = _("This PDF is a form that only one program can show, so it cannot be checked.")
    remedy = SAVE_AS_PDF


class Infected(FileRefused):
    """The virus scanner found something."""

    code = "infected"
    message = _("The virus scanner found malware in this file. It was destroyed.")
    remedy = _("Have your device checked, and scan or photograph the paper again.")


class Unreadable(FileRefused):
    """Every attempt to check the file failed."""


class NotReady(Refused):
    """The checks go on, or ended badly: there is nothing to show."""

    code = "not_ready"
    message = _("This file is still being checked.")
    remedy = _("Load the page again in a moment.")


class NotScannedYet(Refused):
    """Staff wait for the virus scanner."""

    code = "not_scanned_yet"
    message = _("The virus scanner has not looked at this file yet.")
    remedy = _("It is tried again every minute. Load the page again later.")


FILE_REFUSALS: dict[str, type[FileRefused]] = {
    one.code: one
    for one in (
        *(Empty, TooBig, UnknownContent, Program, Archive, Broken, Locked, TooManyPages),
        *(TooManyPixels, TooHeavy, DynamicForm, Infected, Unreadable),
    )
}


def refusal_of(code: str) -> FileRefused:
    """Return the refusal that a code stands for; an unknown code counts as unreadable."""
    return FILE_REFUSALS.get(code, Unreadable)()


def choices() -> list[tuple[str, Text]]:
    """Return codes and sentences, for the admin."""
    return [(code, one.message) for code, one in FILE_REFUSALS.items()]
