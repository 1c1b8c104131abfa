"""Why an operation does not do what was asked, in words that a person can act on."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.functional import Promise, lazy
from django.utils.translation import gettext_lazy as _

Text = str | Promise


def _fill(text: Text, params: dict[str, Any]) -> str:
    return str(text) % params if params else str(text)


_filled = lazy(_fill, str)


class Refused(Exception):  # noqa: N818  # a refusal is an answer, not an error
    """An operation said no; nothing was changed.

    Apps subclass it and set the class attributes; `message` and `remedy` may hold %(name)s
    placeholders, which `params` fill in the reader's language when the text is shown.
    """

    code: str = "refused"
    message: Text = _("This is not possible.")
    remedy: Text = ""
    rule_id: str = ""

    def __init__(
        self,
        message: Text = "",
        *,
        code: str = "",
        remedy: Text = "",
        rule_id: str = "",
        params: Mapping[str, Any] | None = None,
    ) -> None:
        self.params: dict[str, Any] = dict(params or {})
        self.code = code or type(self).code
        self.rule_id = rule_id or type(self).rule_id
        self.message = _filled(message or type(self).message, self.params)
        self.remedy = _filled(remedy or type(self).remedy, self.params)
        super().__init__(self.code)

    def __str__(self) -> str:
        return str(self.message)
