"""Lists to choose from: what Django would write, with less work."""

from __future__ import annotations

import pytest
from django import forms
from django.forms.renderers import DjangoTemplates
from django.test.signals import template_rendered

from portal.countries import country_names

GROUPED = [
    ("", "Choose"),
    ("Near <here>", [("1", "One & one"), (2, "Two"), (None, "None")]),
    ("far", "Far 'away'"),
]


@pytest.mark.parametrize("value", ["", "1", 2, None, "elsewhere"])
@pytest.mark.parametrize("widget", [forms.Select, forms.SelectMultiple])
def test_a_list_is_written_as_django_would(widget: type[forms.Select], value: object) -> None:
    drawn = widget(attrs={"class": "form-select", "required": True}, choices=GROUPED)
    chosen = [value, "far"] if widget is forms.SelectMultiple else value
    ours = drawn.render("place", chosen)
    assert ours.split() == drawn.render("place", chosen, renderer=DjangoTemplates()).split()
    assert ours.count("<option") == 5


def test_attributes_of_an_option_are_written() -> None:
    class Marked(forms.Select):
        def create_option(self, *args: object, **more: object) -> dict[str, object]:
            option = super().create_option(*args, **more)
            option["attrs"]["lang"] = "ar"
            return option

    assert Marked(choices=[("ar", "العربية")]).render("language", "ar").count(' lang="ar"') == 1


def test_all_countries_of_the_world_need_no_template_each() -> None:
    rendered: list[object] = []

    def note(template: object, **_more: object) -> None:
        rendered.append(template)

    template_rendered.connect(note)
    try:
        drawn = forms.Select(choices=country_names()).render("state", "DZ")
    finally:
        template_rendered.disconnect(note)
    assert drawn.count("<option") > 200
    assert len(rendered) <= 3
