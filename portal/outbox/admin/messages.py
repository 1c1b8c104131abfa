from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from portal.audit.readonly import ReadOnlyAdmin
from portal.audit.traced import TracedRows
from portal.workflow import TransitionRefused

from .. import operations
from ..models import Message, recipient_key


@admin.register(Message)
class MessageAdmin(TracedRows, ReadOnlyAdmin):
    """What was told to whom, and what did not arrive; never the content, which may be secret."""

    list_display = ("created_at", "kind", "subject", "recipient", "state", "attempts", "sent_at")
    list_filter = ("state", "channel", "kind", "language", "mission")
    list_select_related = ("mission",)
    search_fields = ("subject",)
    search_help_text = _("A whole e-mail address, or what the message is about")
    actions = ("send_again",)
    fields = (
        *("kind", "subject", "version", "channel", "urgency", "bulk"),
        *("mission", "recipient", "language", "opened_at", "provider_id"),
        *("state", "attempts", "last_error", "created_at", "due_at", "useful_until"),
        *("claimed_until", "sent_at", "message_id"),
    )

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        if "@" in search_term:
            return queryset.filter(recipient_key=recipient_key(search_term)), False
        return super().get_search_results(request, queryset, search_term)

    @admin.action(
        description=_("Send again what did not reach its recipient"), permissions=["view"]
    )
    def send_again(self, request: HttpRequest, queryset: QuerySet[Message]) -> None:
        sent, refused = 0, 0
        for message in queryset:
            try:
                operations.retry(message, request.user)
                sent += 1
            except TransitionRefused:
                refused += 1
        self._report(request, sent, refused)

    def _report(self, request: HttpRequest, sent: int, refused: int) -> None:
        if sent:
            text = ngettext(
                "%(count)s message will be sent again.",
                "%(count)s messages will be sent again.",
                sent,
            )
            self.message_user(request, text % {"count": sent}, messages.SUCCESS)
        if refused:
            text = ngettext(
                "%(count)s message was left alone: only messages not reached can be sent again.",
                "%(count)s messages were left alone: only messages not reached can be sent again.",
                refused,
            )
            self.message_user(request, text % {"count": refused}, messages.WARNING)
