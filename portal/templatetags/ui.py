"""Components with declared props: a prop that is not declared fails when the page is compiled.

Every component is one function here and one file in ``templates/components/``. Components that
wrap a body are block tags, such as ``{% notice title="…" %}…{% endnotice %}``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date, datetime, time
from typing import Any, cast

from django import forms, template
from django.forms import BaseForm
from django.forms.boundfield import BoundField
from django.template.loader import get_template
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from portal import formats
from portal.errors import ErrorLink, error_links

register = template.Library()

KINDS = frozenset({"info", "success", "warning", "danger"})
STATES = frozenset({"neutral", "progress", "done", "attention", "problem"})


def _one_of(allowed: frozenset[str], name: str, value: str) -> str:
    if value not in allowed:
        raise ValueError(f"{name} must be one of {', '.join(sorted(allowed))}, not {value!r}")
    return value


def _render(name: str, **props: Any) -> SafeString:
    return cast(SafeString, get_template(f"components/{name}.html").render(props))


# --- Leaf components ------------------------------------------------------------------------------


@register.inclusion_tag("components/error_summary.html")
def error_summary(form: BaseForm) -> dict[str, Any]:
    """List every error of `form` at the top of the page, each linked to its field."""
    links: list[ErrorLink] = error_links(form)
    return {"links": links}


@register.inclusion_tag("components/task_list.html")
def task_list(items: Iterable[Any]) -> dict[str, Any]:
    """Show what is done and what is left; items have title, url, state, label and hint.

    See `portal.display.Task`.  An item without url cannot be opened yet.
    """
    return {"items": list(items)}


@register.inclusion_tag("components/summary_list.html")
def summary_list(rows: Iterable[Any], title: str = "") -> dict[str, Any]:
    """Show answers with a link that changes each; see `portal.display.Row`."""
    return {"rows": list(rows), "title": title}


@register.inclusion_tag("components/steps.html")
def steps(current: int, total: int, label: str = "") -> dict[str, Any]:
    """Tell which step of how many this page is."""
    return {"current": current, "total": total, "label": label}


@register.inclusion_tag("components/status_tag.html")
def status_tag(state: str, label: str) -> dict[str, Any]:
    """Show a state as a word; the colour only repeats it.

    `state` is neutral, progress, done, attention or problem.
    """
    return {"state": _one_of(STATES, "state", state), "label": label}


@register.inclusion_tag("components/finding.html")
def finding(item: Any, heading: str = "h3") -> dict[str, Any]:
    """Show what a rule found: severity in words, sentence, remedy, deadline, rule and source.

    `item` has severity, sentence, remedy, rule_id and citation; link_url, link_label and
    deadline if there are any. See `portal.display.ShownFinding`.
    """
    return {"item": item, "heading": heading}


@register.inclusion_tag("components/findings.html")
def findings(items: Iterable[Any], heading: str = "h3") -> dict[str, Any]:
    """Show several findings as a list."""
    return {"items": list(items), "heading": heading}


@register.inclusion_tag("components/button_link.html")
def button_link(url: str, label: str, kind: str = "primary") -> dict[str, Any]:
    """Show a link that starts something as a button; `kind` is primary or secondary."""
    return {
        "url": url,
        "label": label,
        "kind": _one_of(frozenset({"primary", "secondary"}), "kind", kind),
    }


@register.inclusion_tag("components/submit.html")
def submit(label: str, kind: str = "primary", name: str = "", value: str = "") -> dict[str, Any]:
    """Show the button that sends the form around it; `kind` is primary, secondary or danger."""
    allowed = frozenset({"primary", "secondary", "danger"})
    return {"label": label, "kind": _one_of(allowed, "kind", kind), "name": name, "value": value}


@register.inclusion_tag("components/back_link.html")
def back_link(url: str, label: str = "") -> dict[str, Any]:
    """Lead one page back, above the heading."""
    return {"url": url, "label": label or gettext("Back")}


@register.inclusion_tag("components/booking_is_free.html", takes_context=True)
def booking_is_free(context: template.Context, report_link: bool = True) -> dict[str, Any]:
    """Say in all four languages that booking costs nothing (AT-01)."""
    return {"language": context.get("language", "fr"), "report_link": report_link}


@register.inclusion_tag("components/icon.html")
def icon(name: str) -> dict[str, Any]:
    """Draw a small sign that repeats a word beside it; screen readers skip it."""
    allowed = KINDS | {"review", "arrow", "passport", "file", "calendar", "law", "tools"}
    return {"name": _one_of(allowed, "icon", name)}


@register.inclusion_tag("components/field_error.html")
def field_error(field: BoundField) -> dict[str, Any]:
    """Show the errors of one field beside it, tied to it by id."""
    return {"field": field}


@register.simple_tag
def control(field: BoundField) -> SafeString:
    """Draw the widget of a field; unlike crispy's own tag it leaves the widget untouched."""
    classes = [field.field.widget.attrs.get("class", ""), _control_class(field)]
    if field.errors:
        classes.append("is-invalid")
    return field.as_widget(attrs={"class": " ".join(filter(None, classes))})


def _control_class(field: BoundField) -> str:
    widget = field.field.widget
    if isinstance(widget, forms.CheckboxInput):
        return "form-check-input"
    return "form-select" if isinstance(widget, forms.Select) else "form-control"


@register.filter
def is_choice_list(field: BoundField) -> bool:
    """Tell whether a field is a group of radio buttons or checkboxes."""
    return isinstance(field.field.widget, forms.RadioSelect | forms.CheckboxSelectMultiple)


@register.filter
def is_checkbox(field: BoundField) -> bool:
    """Tell whether a field is a single checkbox."""
    return isinstance(field.field.widget, forms.CheckboxInput)


# --- Components around a body ---------------------------------------------------------------------


@register.simple_block_tag
def notice(content: str, kind: str = "info", title: str = "") -> SafeString:
    """Set a message apart; `kind` is info, success, warning or danger."""
    return _render("notice", body=content, kind=_one_of(KINDS, "kind", kind), title=title)


@register.simple_block_tag
def details(content: str, summary: str) -> SafeString:
    """Hide what only some readers need behind a line that opens it."""
    return _render("details", body=content, summary=summary)


@register.simple_block_tag
def verdict(content: str, kind: str, title: str, reference: str = "") -> SafeString:
    """Frame the answer of a rule; always says that the authority decides (CV-06).

    `kind` is success, warning, danger or info; `reference` is the day the answer is about.
    """
    return _render(
        "verdict",
        body=content,
        kind=_one_of(KINDS, "kind", kind),
        title=title,
        reference=reference,
    )


@register.simple_block_tag
def actions(content: str) -> SafeString:
    """Set the buttons of a page in a row, or below each other on a phone."""
    return _render("actions", body=content)


# --- Dates, times and text that runs the other way ------------------------------------------


def _or_empty(function: Callable[[Any], str], value: Any, kinds: tuple[type, ...]) -> str:
    """Show nothing where there is no date, as Django's own filters do."""
    return function(value) if isinstance(value, kinds) else ""


@register.filter(expects_localtime=False)
def day(value: Any) -> str:
    """Show a date such as 9 décembre 2025."""
    return _or_empty(formats.long_date, value, (date,))


@register.filter
def short_day(value: Any) -> str:
    """Show a date such as 09/12/2025."""
    return _or_empty(formats.short_date, value, (date,))


@register.filter
def weekday(value: Any) -> str:
    """Show a date such as mardi 9 décembre 2025."""
    return _or_empty(formats.weekday_date, value, (date,))


@register.filter
def month(value: Any) -> str:
    """Show a month such as février 2026."""
    return _or_empty(formats.month_name, value, (date,))


@register.filter
def clock(value: Any) -> str:
    """Show the time of day in Algiers, such as 08 h 30."""
    return _or_empty(formats.clock, value, (datetime, time))


@register.filter
def moment(value: Any) -> str:
    """Show day and time in Algiers together."""
    return _or_empty(formats.moment, value, (datetime,))


@register.inclusion_tag("components/ltr.html")
def ltr(value: Any) -> dict[str, Any]:
    """Isolate a number, code or address that runs left to right inside Arabic text."""
    return {"value": value}
