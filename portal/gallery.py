"""Every component on one page, for those who build pages; routed only where DEBUG is on."""

from __future__ import annotations

from datetime import date, timedelta

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path
from django.utils import timezone

from portal.display import Row, ShownFinding, Task
from portal.forms.fields import CivilDateField, NameField, PassportNumberField
from portal.forms.layout import PageForm


class SampleForm(PageForm, forms.Form):
    """One field of every kind."""

    name = NameField(label="Family name", help_text="As it stands in the passport")
    number = PassportNumberField(label="Passport number")
    born = CivilDateField(
        label="Date of birth",
        help_text="Such as 27 3 1989",
        birth=True,
        not_future=True,
    )
    purpose = forms.ChoiceField(
        label="Why do you travel?",
        choices=[("family", "To visit family"), ("work", "For work"), ("study", "To study")],
        widget=forms.RadioSelect,
        help_text="The main reason",
    )
    papers = forms.MultipleChoiceField(
        label="Which papers do you have?",
        choices=[("card", "Residence card"), ("visa", "Visa")],
        widget=forms.CheckboxSelectMultiple,
    )
    country = forms.ChoiceField(label="Country", choices=[("", "Choose"), ("x", "Somewhere")])
    remark = forms.CharField(label="Remark", widget=forms.Textarea(attrs={"rows": 3}))
    phone = forms.CharField(label="Telephone", required=False)
    scan = forms.FileField(label="A file", required=False)
    agreed = forms.BooleanField(label="I have read the notice", help_text="It is short")


TASKS = [
    Task("Your passport", "done", "Complete", "#one"),
    Task("Your journey", "progress", "Begun", "#two", "Two questions are left"),
    Task("Your documents", "neutral", "Not begun", "#three"),
    Task("Book an appointment", "neutral", "Not possible yet"),
    Task("Your photo", "problem", "Refused", "#five"),
]
ROWS = [
    Row("Family name", "بن علي", "#name"),
    Row("Passport number", "123456789", "#number", ltr=True),
    Row("Address", "12 rue Didouche Mourad\n16000 Alger", "#address"),
    Row("Telephone", "", "#phone"),
]
FINDINGS = [
    ShownFinding(
        "blocking",
        "The passport ends 12 days too early.",
        "PA-03",
        "Visa Code art. 12(a)",
        "Ask for a new passport before you apply.",
        date(2026, 3, 1),
        "#passport",
        "Change the passport",
    ),
    ShownFinding("review", "The condition of the passport must be seen.", "PA-11", "Source 004"),
    ShownFinding("warning", "It turns ten during the journey.", "PA-02", "Art. 6(1)(a)(ii)"),
    ShownFinding("advice", "Bring the old passport as well.", "PA-10", "Source 004"),
]


def gallery(request: HttpRequest) -> HttpResponse:
    """Show everything at once, the form filled in wrongly."""
    wrong = {"name": "Zoë 😀", "born_day": "31", "born_month": "2", "born_year": "1989"}
    context = {
        "form": SampleForm(wrong) if "errors" in request.GET else SampleForm(),
        "tasks": TASKS,
        "rows": ROWS,
        "findings": FINDINGS,
        "now": timezone.now() + timedelta(days=3),
    }
    return render(request, "portal/gallery.html", context)


urlpatterns = [path("", gallery, name="gallery")]
