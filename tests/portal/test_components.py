import re
from dataclasses import replace
from datetime import date
from html.parser import HTMLParser

import pytest
from django import forms
from django.core.exceptions import ValidationError
from django.template import Context, Template, TemplateSyntaxError
from django.utils import translation

from portal.display import Row, ShownFinding, Task
from portal.forms.fields import CivilDateField, NameField
from portal.forms.layout import PageForm


class Sample(PageForm, forms.Form):
    secret = forms.CharField(widget=forms.HiddenInput, required=False)
    name = NameField(label="Name", help_text="As in the passport")
    born = CivilDateField(label="Born", help_text="Such as 27 3 1989")
    purpose = forms.ChoiceField(
        label="Purpose",
        choices=[("a", "A"), ("b", "B")],
        widget=forms.RadioSelect,
        help_text="The main one",
    )
    papers = forms.MultipleChoiceField(
        label="Papers", choices=[("x", "X"), ("y", "Y")], widget=forms.CheckboxSelectMultiple
    )
    country = forms.ChoiceField(label="Country", choices=[("", "?"), ("dz", "DZ")])
    agreed = forms.BooleanField(label="Agreed", help_text="To the notice")
    phone = forms.CharField(label="Phone", required=False)

    def clean(self):
        raise ValidationError("The whole does not fit")


class Elements(HTMLParser):
    """Every element of a page as (tag, attributes)."""

    def __init__(self, html):
        super().__init__()
        self.found = []
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self.found.append((tag, dict(attrs)))

    @property
    def ids(self):
        return [attrs["id"] for _, attrs in self.found if attrs.get("id")]

    def named(self, name):
        return [attrs for _, attrs in self.found if attrs.get("name") == name]

    def one(self, wanted_id):
        return next((tag, attrs) for tag, attrs in self.found if attrs.get("id") == wanted_id)


@pytest.fixture(autouse=True)
def _in_english():
    with translation.override("en"):
        yield


def rendered(source, **context):
    return Template(source).render(Context(context))


def shown(form):
    return rendered("{% load crispy_forms_tags %}{% crispy form %}", form=form)


@pytest.fixture
def wrong():
    return Sample({"name": "Zoë 😀", "born_day": "31", "born_month": "13", "born_year": "1989"})


# --- Error summary ------------------------------------------------------------------------------


def test_the_summary_links_every_error_to_a_control_that_exists(wrong):
    page = Elements(shown(wrong))
    links = [attrs["href"] for tag, attrs in page.found if tag == "a"]
    assert links == [
        "#id_name",
        "#id_born_1",
        "#id_purpose_0",
        "#id_papers_0",
        "#id_country",
        "#id_agreed",
    ]
    assert {link[1:] for link in links} <= set(page.ids)


def test_the_summary_comes_first_and_takes_the_focus(wrong):
    html = shown(wrong)
    _, summary = Elements(html).one("error-summary")
    assert (summary["role"], summary["tabindex"]) == ("alert", "-1")
    assert html.index('id="error-summary"') < html.index('id="id_name"')
    assert "The whole does not fit" in html


def test_the_summary_names_the_field_of_each_message(wrong):
    html = rendered("{% error_summary form %}", form=wrong)
    assert "<bdi>Born</bdi> – The month must be a number from 1 to 12." in html


def test_an_unsent_form_and_a_right_form_have_no_summary():
    assert "error-summary" not in shown(Sample())
    assert rendered("{% error_summary form %}", form=Sample()).strip() == ""


def test_what_was_typed_cannot_become_markup(wrong):
    wrong = Sample(wrong.data | {"name": "<b>x</b>"})
    html = shown(wrong)
    assert "<b>" not in html
    assert "&lt;b&gt;x&lt;/b&gt;" in html


# --- Fields -------------------------------------------------------------------------------------


def test_an_input_is_described_by_its_hint_and_its_error(wrong):
    page = Elements(shown(wrong))
    _, name = page.one("id_name")
    assert name["aria-describedby"] == "id_name_helptext id_name_error"
    assert name["aria-invalid"] == "true"


@pytest.mark.parametrize(
    ("field", "described"),
    [
        ("born", "id_born_helptext id_born_error"),
        ("purpose", "id_purpose_helptext id_purpose_error"),
        ("papers", "id_papers_error"),
    ],
)
def test_a_group_has_a_legend_and_is_described_as_a_whole(wrong, field, described):
    html = shown(wrong)
    block = html[html.index(f'id="div_id_{field}"') :]
    fieldset = re.search(r"<fieldset([^>]*)>\s*<legend", block)
    assert f'aria-describedby="{described}"' in fieldset[1]


def test_every_description_exists_and_no_id_comes_twice(wrong):
    for form in (wrong, Sample()):
        page = Elements(shown(form))
        described = [
            target
            for _, attrs in page.found
            for target in (attrs.get("aria-describedby") or "").split()
        ]
        assert described
        assert set(described) <= set(page.ids)
        assert len(page.ids) == len(set(page.ids))


def test_every_control_has_a_label(wrong):
    page = Elements(shown(wrong))
    labelled = {attrs["for"] for tag, attrs in page.found if tag == "label"}
    controls = {
        attrs["id"]
        for tag, attrs in page.found
        if tag in {"input", "select", "textarea"} and attrs.get("type") != "hidden"
    }
    assert controls == labelled


def test_the_error_of_every_kind_of_widget_is_seen(wrong):
    page = Elements(shown(wrong))
    for field in ("name", "born", "purpose", "papers", "country", "agreed"):
        _, error = page.one(f"id_{field}_error")
        assert error["class"] == "field__error"  # Bootstrap hides its own class after some widgets


def test_an_error_is_announced_as_one(wrong):
    assert '<span class="visually-hidden">Error: </span>Enter' in shown(Sample({}))


def test_attributes_of_the_form_do_not_leak_into_its_groups(wrong):
    page = Elements(shown(wrong))
    assert [tag for tag, attrs in page.found if "novalidate" in attrs] == ["form"]


def test_showing_a_form_twice_gives_the_same(wrong):
    assert shown(wrong) == shown(wrong)


def test_only_optional_fields_are_marked():
    html = shown(Sample())
    assert html.count("(optional)") == 1
    assert "asteriskField" not in html


def test_the_form_is_sent_by_a_button_that_says_what_it_does():
    class Named(Sample):
        submit_label = "Check my passport"

    html = shown(Named())
    assert re.search(r'<button type="submit"[^>]*>Check my passport</button>', html)
    assert 'name=""' not in html


# --- Props --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "source",
    [
        '{% steps 1 3 colour="red" %}',
        '{% status_tag "done" "Done" size=3 %}',
        "{% task_list items sorted=True %}",
        "{% booking_is_free price=0 %}",
        '{% notice tone="info" %}x{% endnotice %}',
        '{% verdict kind="info" title="t" icon="x" %}x{% endverdict %}',
        "{% details %}x{% enddetails %}",
        "{% status_tag %}",
    ],
)
def test_a_prop_that_is_not_declared_or_missing_fails(source):
    with pytest.raises((TemplateSyntaxError, TypeError)):
        rendered(source, items=[])


@pytest.mark.parametrize(
    "source",
    [
        '{% status_tag "great" "Great" %}',
        '{% notice kind="error" %}x{% endnotice %}',
        '{% verdict kind="ok" title="t" %}x{% endverdict %}',
        '{% button_link "/" "Go" kind="huge" %}',
        '{% icon "unicorn" %}',
    ],
)
def test_a_value_that_is_not_allowed_fails(source):
    with pytest.raises(ValueError, match="must be one of"):
        rendered(source)


# --- What they show -----------------------------------------------------------------------------

FINDING = ShownFinding(
    "blocking",
    "It ends too early.",
    "PA-03",
    "art. 12(a)",
    "Ask for a new one.",
    date(2026, 3, 1),
    "/passport/",
    "Change it",
)


def test_a_finding_says_how_bad_why_how_to_mend_and_by_when():
    html = rendered("{% finding item %}", item=FINDING)
    for said in (
        "Does not meet the rule",
        "It ends too early.",
        "Ask for a new one.",
        "Sunday 1 March 2026",
        "PA-03",
        "art. 12(a)",
        'href="/passport/"',
    ):
        assert said in html


@pytest.mark.parametrize("severity", ["blocking", "review", "warning", "advice"])
def test_every_severity_is_a_word_and_not_only_a_colour(severity):
    words = {
        severity: re.search(
            r'finding__severity">([^<]+)',
            rendered("{% finding item %}", item=replace(FINDING, severity=severity)),
        )[1]
        for severity in ("blocking", "review", "warning", "advice")
    }
    assert len(set(words.values())) == 4
    assert words[severity].strip()


def test_a_verdict_says_that_the_authority_decides():
    html = rendered('{% verdict kind="success" title="Fine" %}<p>Body</p>{% endverdict %}')
    assert "The authority alone decides." in html
    assert "<p>Body</p>" in html


def test_a_task_that_cannot_be_opened_is_no_link():
    tasks = [Task("One", "done", "Complete", "/one/"), Task("Two", "neutral", "Not yet")]
    html = rendered("{% task_list tasks %}", tasks=tasks)
    assert html.count("<a ") == 1
    assert "Not yet" in html


def test_an_answer_says_what_its_link_changes():
    rows = [Row("Name", "Benali", "/name/"), Row("Phone", "", "/phone/", "telephone number")]
    html = rendered("{% summary_list rows %}", rows=rows)
    assert '<span class="visually-hidden"> Name</span>' in html
    assert '<span class="visually-hidden"> telephone number</span>' in html
    assert "Not given" in html


def test_values_are_escaped():
    html = rendered(
        '{% summary_list rows %}{% status_tag "done" evil %}{% notice title=evil %}{{ evil }}'
        "{% endnotice %}{% ltr evil %}",
        rows=[Row("<b>", "<b>")],
        evil="<b>",
    )
    assert "<b>" not in html


@pytest.mark.parametrize("language", ["fr", "ar", "de", "en"])
def test_booking_is_free_is_said_in_every_language(language):
    with translation.override(language):
        html = rendered("{% booking_is_free %}", language=language)
    for code, sentence in {
        "fr": "gratuit",
        "ar": "مجاني",
        "de": "kostenlos",
        "en": "free",
    }.items():
        assert code == language or (f'lang="{code}"' in html and sentence in html)
    assert "€" not in html


@pytest.mark.parametrize("language", ["fr", "ar", "de", "en"])
def test_filters_show_dates_and_nothing_where_there_is_none(language):
    source = (
        "{{ d|day }}|{{ d|weekday }}|{{ d|short_day }}|{{ n|day }}|{{ n|clock }}|{{ n|moment }}"
    )
    with translation.override(language):
        parts = rendered(source, d=date(2026, 3, 1), n=None).split("|")
    assert all("2026" in part for part in parts[:3])
    assert parts[3:] == ["", "", ""]
