"""The pages on which a person fills in an application, step by step.

No page is kept by a browser: on a shared computer nobody finds them with the Back button, and
Back shows what is saved, so that editing after it does not meet an old version.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from portal.dates import civil_date
from portal.errors import error_links
from portal.held_input import SignedInRequest, hold_input, keep_input_and_sign_in
from portal.pausing import paused, pauses
from portal.refusals import Refused
from portal.suspension import Action, Closing, Suspended, suspended

from .. import operations
from ..enums import ApplicationState
from ..forms.filing import STEPS, StartForm, Step, StepForm, asked_steps, step_after
from ..forms.intake.mrz import MrzForm, filled
from ..forms.intake.person import GuardianForm, PassportForm, TravellerForm
from ..forms.intake.rows import RowsStepForm
from ..forms.intake.step import typed_answers
from ..journey_notes import post_notes
from ..models import Application
from ..permissions import own_application
from ..refusals import ChangedElsewhere, NotADraft
from .replies import refused, status, typed

CHECK = "check"  # where ?back= leads after a change on the last page


def _mission_chosen(request: HttpRequest) -> int | None:
    chosen = request.POST.get("mission", "")
    return int(chosen) if chosen.isascii() and chosen.isdigit() else None


@require_http_methods(["GET", "POST"])
@never_cache
@keep_input_and_sign_in
@pauses(Action.NEW_FORMS, _mission_chosen)
def start(request: SignedInRequest) -> HttpResponse:
    """Open a new application with its first answers."""
    chosen = {"person": request.GET["person"]} if request.GET.get("person") else {}
    data = typed(request)
    if data is not None and request.method == "GET":
        chosen, data = StartForm(data, owner=request.user).typed(), None
    form = StartForm(data, owner=request.user, initial=chosen)
    if request.method == "POST" and form.is_valid():
        application = operations.start_application(
            owner=request.user,
            mission=form.cleaned_data["mission"],
            answers={k: v for k, v in form.answers().items() if k != "mission"},
            person=form.traveller,
            relation=form.relation,
        )
        following = step_after(STEPS[0].slug, application)
        assert following is not None
        return redirect("applications:step", application.pk, following.slug)
    return _page(request, form, STEPS[0], application=None)


@require_http_methods(["GET", "POST"])
@never_cache
@keep_input_and_sign_in
def step(request: SignedInRequest, application_id: uuid.UUID, slug: str) -> HttpResponse:
    """Show or save one step of a draft."""
    application = own_application(request.user, application_id)
    current = _step_named(slug)
    if application.state != ApplicationState.DRAFT:
        return refused(request, application, NotADraft())
    if not current.is_asked(application):
        return redirect("applications:detail", application.pk)
    return _Visit(request, application, current).answer()


class _Visit:
    """One request for one step; the button that was pressed says what is wanted."""

    def __init__(self, request: SignedInRequest, application: Application, step: Step) -> None:
        self.request = request
        self.application = application
        self.step = step
        self.seen: dict[str, Any] = {"version": application.version}
        self.form = self._form(typed(request))

    def answer(self) -> HttpResponse:
        """Show the step, or do what the button says."""
        if self.request.method != "POST":
            return self.page()
        closing = suspended(Action.PREPARING, mission_id=self.application.mission_id)
        if closing is not None:
            return self._pause(closing)
        if "rows" in self.request.POST and isinstance(self.form, RowsStepForm):
            self.form = self.form.changed(str(self.request.POST["rows"]))
            return self.page()
        if "read" in self.request.POST and self.step.form.reads_mrz:
            return self._read()
        if self.form.is_valid():
            return self._tried(self._save)
        return self._tried(self._keep) if self.wants_later else self.page()

    @property
    def wants_later(self) -> bool:
        """Whether the person goes away and comes back."""
        return "later" in self.request.POST

    def page(self, mrz: MrzForm | None = None) -> HttpResponse:
        """Show the form as it is."""
        return _page(self.request, self.form, self.step, self.application, mrz)

    def _form(self, data: QueryDict | None) -> StepForm:
        """What was typed before, and not sent now, is shown without being judged."""
        if data is None:
            initial = typed_answers(self.application, self.step.slug) | self.seen
        elif self.request.method == "POST":
            return self.step.form(data, application=self.application, initial=self.seen)
        else:
            held = self.step.form(data, application=self.application)
            initial = held.typed() | {"version": data.get("version", "")}
        return self.step.form(application=self.application, initial=initial)

    def _tried(self, act: Callable[[], HttpResponse]) -> HttpResponse:
        """Act; another window that was faster is told, and nothing typed is lost."""
        try:
            return act()
        except Suspended as refusal:
            return self._pause(refusal.closing)
        except ChangedElsewhere as refusal:
            self._take_present_version()
            self.form.add_error(None, f"{refusal.message} {refusal.remedy}")
            return self.page()
        except Refused as refusal:
            return refused(self.request, self.application, refusal)

    def _pause(self, closing: Closing) -> HttpResponse:
        """Keep what was typed in the draft, right or wrong, until the maintenance is over.

        Where another window changed the draft meanwhile it waits in the session instead.
        """
        self.form.is_valid()
        try:
            self._keep_as_typed()
        except Refused:
            hold_input(self.request, until=closing.ends_at)
        here = self.request.get_full_path()
        return paused(self.request, closing, kept="draft", back=here)

    def _save(self) -> HttpResponse:
        guardian = self.form.guardian_chosen if isinstance(self.form, GuardianForm) else None
        self.application = operations.save_answers(
            application_id=self.application.pk,
            owner=self.request.user,
            answers=self.form.answers(),
            seen_version=self.form.cleaned_data["version"] or 0,
            slug=self.step.slug,
            guardian=guardian,
        )
        self._warn()
        return redirect(self._next_page())

    def _keep_as_typed(self) -> None:
        operations.keep_typed(
            application_id=self.application.pk,
            owner=self.request.user,
            slug=self.step.slug,
            typed=self.form.typed(),
            seen_version=self.form.cleaned_data.get("version") or 0,
        )

    def _keep(self) -> HttpResponse:
        self._keep_as_typed()
        messages.info(
            self.request,
            _("What you typed is kept as it is. The step is not finished yet."),
        )
        return redirect("applications:detail", self.application.pk)

    def _read(self) -> HttpResponse:
        """Fill the page from the two lines; what they say of the other page waits there."""
        mrz = MrzForm(self.request.POST)
        seen = self.request.POST.get("version", "")
        here = self.form.typed()
        if not mrz.is_valid():
            self.form = self.step.form(
                application=self.application, initial=here | {"version": seen}
            )
            return self.page(mrz)
        try:
            self.application = self._keep_elsewhere(mrz, seen)
        except ChangedElsewhere as refusal:
            self._take_present_version()
            self.form.add_error(None, f"{refusal.message} {refusal.remedy}")
            return self.page(mrz)
        here |= filled(mrz.read, self.step.form.base_fields)
        initial = here | {"version": self.application.version}
        self.form = self.step.form(application=self.application, initial=initial)
        return self.page(mrz)

    def _keep_elsewhere(self, mrz: MrzForm, seen: str) -> Application:
        other = PassportForm if self.step.form is TravellerForm else TravellerForm
        slug = next(step.slug for step in STEPS if step.form is other)
        form = other(application=self.application)
        stored = {name: form.get_initial_for_field(f, name) for name, f in form.fields.items()}
        waiting = {name: _plain(form, name, value) for name, value in stored.items()}
        waiting |= typed_answers(self.application, slug) | filled(mrz.read, other.base_fields)
        waiting.pop("version", None)
        return operations.keep_typed(
            application_id=self.application.pk,
            owner=self.request.user,
            slug=slug,
            typed=waiting,
            seen_version=int(seen) if seen.isascii() and seen.isdigit() else 0,
        )

    def _take_present_version(self) -> None:
        """Keep what was typed, so that sending it again saves it on top of the other window's."""
        self.application.refresh_from_db()
        sent = self.request.POST.copy()
        sent["version"] = str(self.application.version)
        self.form = self.step.form(sent, application=self.application)
        self.form.is_valid()

    def _warn(self) -> None:
        """Tell at once when the route leads to another state's post; it never blocks (CO-09)."""
        if self.step.slug not in ("route", "visa"):
            return
        for note in post_notes(self.application, civil_date(timezone.now())):
            messages.warning(self.request, f"{note.sentence} {note.remedy}".strip())

    def _next_page(self) -> str:
        pk = self.application.pk
        if self.wants_later:
            return reverse("applications:detail", args=[pk])
        following = step_after(self.step.slug, self.application)
        back = self.request.GET.get("back") == CHECK
        complete = not operations.missing_answers(self.application)
        if following is None or (back and complete):
            return reverse("applications:check", args=[pk])
        return reverse("applications:step", args=[pk, following.slug])


def _plain(form: StepForm, name: str, value: Any) -> Any:
    """Return a stored answer as if it had been typed."""
    widget = form.fields[name].widget
    split = getattr(widget, "decompress", None)
    return split(value) if split else value


def _step_named(slug: str) -> Step:
    for step in STEPS:
        if step.slug == slug:
            return step
    raise Http404


def _page(
    request: HttpRequest,
    form: StepForm,
    current: Step,
    application: Application | None,
    mrz: MrzForm | None = None,
) -> HttpResponse:
    steps = asked_steps(application) if application else list(STEPS[:6])
    links = form.links if isinstance(form, RowsStepForm) else error_links(form)
    if mrz is not None:
        links = [*error_links(mrz), *links]
    context = {
        "form": form,
        "links": links,
        "step": current,
        "number": steps.index(current) + 1,
        "total": len(steps) + 1 if application else 0,
        "application": application,
        "mrz": mrz or MrzForm(),
        "mrz_notes": mrz.notes() if mrz is not None and mrz.is_valid() else [],
        "mrz_read": mrz is not None and mrz.is_valid(),
        "post_to": request.get_full_path(),
        "keeps_form": "page-form",
    }
    wrong = 422 in (status(form), status(mrz) if mrz is not None else 200)
    return render(request, "applications/step.html", context, status=422 if wrong else 200)
