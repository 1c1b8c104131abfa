"""The pages of a complaint, one group of questions each (CP-01 to CP-03)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from applications.enums import Relation
from applications.forms.intake.circumstances import PhoneField
from applications.models import Application, Traveller
from portal.counters import counters_of
from portal.forms.fields import NameField
from portal.forms.layout import PageForm
from portal.missions.models import Mission, MissionLanguage, provider_name
from portal.uploads.fields import UploadField

from ..enums import Category
from ..operations.arrival import Person
from ..reading import accepted_languages
from ..rules.doors import Matter
from ..rules.subjects import Subject, subject_label
from ..unsent import LONGEST_TEXT
from ..wording import language_name
from .start import DECISIONS, VISAS, MissionField, notified_field

LONGEST_ADDRESS = 400  # signs


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """What the questions depend on: the day, the consulate, who is signed in (None: nobody)."""

    day: date
    mission: Mission | None = None
    owner: Any = None


class StepForm(PageForm, forms.Form):
    """One page; `typed()` gives back what was typed, right or wrong, to be shown again."""

    def __init__(self, *args: Any, setting: Setting, **options: Any) -> None:
        """Take the setting that choices and labels depend on."""
        super().__init__(*args, **options)
        self.setting = setting
        self.prepare()

    def prepare(self) -> None:
        """Fill in choices and labels."""

    def typed(self) -> dict[str, Any]:
        """Return what the widgets hold, without judging it."""
        return {
            name: field.widget.value_from_datadict(self.data, self.files, self.add_prefix(name))
            for name, field in self.fields.items()
            if not isinstance(field, forms.FileField)
        }


class WhereForm(StepForm):
    """Which consulate, and for how long the visa was asked."""

    mission = MissionField()
    stay = forms.ChoiceField(
        label=_("For which stay did you ask, or want to ask, a visa?"),
        help_text=_("You need no number of a file: you may also complain about booking."),
        choices=VISAS,
        widget=forms.RadioSelect,
    )

    def prepare(self) -> None:
        """Offer the consulates that take complaints today."""
        field: Any = self.fields["mission"]
        rows = MissionLanguage.objects.filter(use=MissionLanguage.Use.COMPLAINTS)
        taken = rows.on(self.setting.day).values("mission")
        field.queryset = Mission.objects.filter(is_active=True, pk__in=taken)

    @property
    def is_long_stay(self) -> bool:
        """Whether this form is not for them (CP-03)."""
        return bool(self.cleaned_data["stay"] == VISAS[1][0])


class SubjectForm(StepForm):
    """What it is about: three subjects and no other; two become two complaints (CP-01)."""

    subjects = forms.MultipleChoiceField(
        label=_("What is your complaint about?"),
        help_text=_("If you choose two, they become two complaints, each with a number."),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose what your complaint is about.")},
    )
    counter = forms.ChoiceField(
        label=_("At which counter was it?"),
        help_text=_("If it is about people there, they will not see your complaint."),
        required=False,
    )

    def prepare(self) -> None:
        """Name the subjects exactly, with the provider of today, and the counters there are."""
        assert self.setting.mission is not None, "this page comes after the consulate"
        subjects: Any = self.fields["subjects"]
        subjects.choices = [(one.value, _subject_choice(one, self.setting)) for one in Subject]
        known = counters_of(self.setting.mission.pk)
        if not known:
            del self.fields["counter"]
            return
        counter: Any = self.fields["counter"]
        counter.choices = [("", _("At none, or I do not know")), *known]


def _subject_choice(subject: Subject, setting: Setting) -> SafeString:
    """Return the subject in the reader's language, above its exact labels."""
    mission, day = setting.mission, setting.day
    assert mission is not None
    provider = provider_name(mission.state, mission.post, day)
    return format_html(
        '<span class="subject__own">{}</span>'
        '<span class="subject__label"><bdi lang="fr" dir="ltr">{}</bdi></span>'
        '<span class="subject__label"><bdi lang="de" dir="ltr">{}</bdi></span>',
        Category(subject.value).label,
        subject_label(subject, "fr", provider, day),
        subject_label(subject, "de", provider, day),
    )


class _SeveralFiles(forms.FileInput):
    """A chooser of more than one file."""

    allow_multiple_selected = True


class AttachmentsField(UploadField):
    """Several files, each taken if its content is a paper or a picture."""

    def __init__(self, **options: Any) -> None:
        """Take the options of a field for one file."""
        super().__init__(**options)
        self.widget = _SeveralFiles(attrs=self.widget.attrs)

    def clean(self, data: Any, initial: Any = None) -> Any:
        """Look at each file; raises ValidationError with what is wrong with any of them."""
        found, wrong = [], []
        for one in data if isinstance(data, list | tuple) else [data]:
            try:
                found.append(super().clean(one, initial))
            except ValidationError as error:
                wrong += error.error_list
        if wrong:
            raise ValidationError(wrong)
        return [one for one in found if one]


class TextForm(StepForm):
    """What happened, in which language, and what it belongs to."""

    text = forms.CharField(
        label=_("Tell it in your own words"),
        help_text=_("Where, when, who was there, and what you would have expected."),
        widget=forms.Textarea(attrs={"rows": 12, "dir": "auto"}),
        error_messages={"required": _("Write what happened.")},
    )
    written_in = forms.ChoiceField(
        label=_("In which language did you write it?"),
        help_text=_("The consulate reads complaints in these languages only."),
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose the language of your text.")},
    )
    application = forms.ModelChoiceField(
        label=_("Does it belong to one of your applications?"),
        queryset=Application.objects.none(),
        required=False,
        empty_label=_("No, or to another one"),
    )
    appointment = forms.CharField(
        label=_("Number of the appointment it is about"),
        max_length=20,
        required=False,
        widget=forms.TextInput(attrs={"dir": "ltr", "autocomplete": "off", "spellcheck": "false"}),
    )
    attachments = AttachmentsField(label=_("Files that show what happened"), required=False)

    def prepare(self) -> None:
        """Offer the languages of the consulate and the files of the account."""
        assert self.setting.mission is not None, "this page comes after the consulate"
        codes = accepted_languages(self.setting.mission, self.setting.day)
        language: Any = self.fields["written_in"]
        language.choices = [(code, language_name(code)) for code in codes]
        owner = self.setting.owner
        if owner is None:
            del self.fields["application"]
            return
        rows = Application.objects.filter(owner=owner, mission=self.setting.mission)
        application: Any = self.fields["application"]
        application.queryset = rows.order_by("-created_at")
        application.label_from_instance = lambda one: f"{one.reference} · {one.traveller}"
        if not rows.exists():
            del self.fields["application"]

    def clean_text(self) -> str:
        """Take the text as it was typed, with one kind of line end; say how much is too much."""
        text: str = self.cleaned_data["text"].replace("\r\n", "\n").replace("\r", "\n")
        if len(text) > LONGEST_TEXT:
            raise ValidationError(_TOO_LONG % {"length": len(text), "limit": LONGEST_TEXT})
        return text


_TOO_LONG = ngettext_lazy(
    "The text has %(length)s sign. At most %(limit)s can be sent: shorten it, or attach the long "
    "version as a PDF. What you wrote is kept.",
    "The text has %(length)s signs. At most %(limit)s can be sent: shorten it, or attach the long "
    "version as a PDF. What you wrote is kept.",
    "length",
)


class PersonForm(StepForm):
    """Who writes, and how the answer should come."""

    submit_label = _("Send the complaint")

    name = NameField(
        label=_("Your name"),
        widget=forms.TextInput(
            attrs={"autocomplete": "name", "spellcheck": "false", "dir": "auto"}
        ),
    )
    email = forms.EmailField(
        label=_("Your e-mail address"),
        help_text=_("The receipt goes there at once. With it you can see where it stands."),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "email", "dir": "ltr"}),
        error_messages={"required": _("Enter your e-mail address.")},
    )
    phone = PhoneField(label=_("Your telephone number"), required=False)
    answer_by = forms.ChoiceField(
        label=_("How would you like the answer?"),
        choices=[
            ("message", _("On this site, with an e-mail that tells me")),
            ("post", _("By post")),
        ],
        initial="message",
        widget=forms.RadioSelect,
    )
    postal_address = forms.CharField(
        label=_("Your postal address"),
        help_text=_("Needed if the answer comes by post. One line per line, as on an envelope."),
        max_length=LONGEST_ADDRESS,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4, "autocomplete": "street-address", "dir": "auto"}),
    )

    def prepare(self) -> None:
        """Fill in what the account tells of its holder."""
        owner = self.setting.owner
        if owner is None:
            return
        self.fields["email"].initial = owner.email
        holder = Traveller.objects.filter(owner=owner, relation=Relation.SELF).first()
        if holder is not None:
            self.fields["name"].initial = f"{holder.given_names} {holder.family_name}"

    def clean(self) -> dict[str, Any]:
        """Want an address where the answer goes by post."""
        given = super().clean() or {}
        if given.get("answer_by") == "post" and not given.get("postal_address"):
            self.add_error("postal_address", _("Enter the address to which the answer goes."))
        return given

    def person(self) -> Person:
        """Return who writes."""
        given = self.cleaned_data
        return Person(
            name=given["name"],
            email=given["email"],
            phone=given["phone"],
            postal_address=given["postal_address"].replace("\r\n", "\n"),
        )


class AppealLikeForm(PageForm, forms.Form):
    """What the text is against, so that the deadline can be named before anything is sent."""

    against = forms.ChoiceField(
        label=_("What is it about?"), choices=DECISIONS, widget=forms.RadioSelect, required=False
    )
    notified = notified_field(_("When were you told of the decision?"))

    def matter(self) -> Matter:
        """Return what was chosen."""
        return self.matter_of(self.cleaned_data.get("against", ""))

    @staticmethod
    def matter_of(against: str) -> Matter:
        """Return what a stored answer means; a refusal is what most people write about."""
        return Matter(against or Matter.REFUSAL)


@dataclass(frozen=True, slots=True)
class Page:
    """One page of a complaint; `slug` names it in addresses."""

    slug: str
    title: Any
    form: type[StepForm]
    lead: Any = ""


PAGES: Sequence[Page] = (
    Page("where", _("Where do you want to complain?"), WhereForm),
    Page("subject", _("What is it about?"), SubjectForm),
    Page("text", _("What happened?"), TextForm),
    Page("person", _("Who are you?"), PersonForm),
)


def page_named(slug: str) -> Page | None:
    """Return a page, None for an unknown name."""
    return next((page for page in PAGES if page.slug == slug), None)


def judged(page: Page, typed: QueryDict | None, setting: Setting) -> StepForm | None:
    """Return the form of a page with what was typed if that holds, else None."""
    form = page.form(typed, setting=setting) if typed is not None else None
    return form if form is not None and form.is_valid() else None
