"""Tools whose form has rows: buttons that add or remove a row judge nothing."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse

from applications.forms.guidance.rows import RowsForm

from .tool import Tool


class RowsTool(Tool):
    """A tool with a list of rows."""

    def post(self, request: HttpRequest) -> HttpResponse:
        """Change the rows, or answer."""
        if "rows" in request.POST:
            assert issubclass(self.form_class, RowsForm)
            changed = self.form_class.as_typed(request.POST, str(request.POST["rows"]))
            return self.page(request, changed)
        return super().post(request)
