"""The pages on which somebody complains: no account, and nothing typed is lost (CP-01 to CP-05).

What is sent is kept in a draft before anybody judges it.  Its number lies in the session, and
signed in the page itself, for a session that expired meanwhile.  These pages stay open during a
maintenance.
"""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import get_adapter
from django.contrib import messages
from django.core import signing
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views import View
from django.views.decorators.cache import never_cache

from portal.dates import civil_date
from portal.display import Row
from portal.held_input import held_input
from portal.missions.models import Mission
from portal.refusals import Refused
from portal.rules.findings import Verdict
from portal.uploads.operations import wait_until_settled
from portal.wording import shown_all

from ..enums import Category
from ..forms.complaint import PAGES, Page, Setting, StepForm, judged, page_named
from ..operations.complaining import Told, complain
from ..operations.drafts import (
    attach,
    attachments,
    detach,
    find_draft,
    forget_draft,
    keep_draft,
)
from ..reading import read
from ..refusals import LanguageToAsk, LongStayElsewhere, ReadsLikeAppeal
from ..rules.triage import triage_verdict
from ..unsent import MOST_FILES, SESSION_KEY
from ..wording import TRIAGE, language_name
from .sent import remember_sent, was_sent

SALT = "complaints.draft"
KEPT_FOR = 30 * 24 * 3600  # seconds for which a page that stayed open still knows its draft
PATIENCE = 1.5  # seconds that a sender waits for the checks of a file


class Visit:
    """One request to one of the pages: who asks, and what they typed so far."""

    def __init__(self, request: HttpRequest) -> None:
        self.request = request
        self.owner: Any = request.user if request.user.is_authenticated else None
        self.address = get_adapter().get_client_ip(request)
        self.day = civil_date(timezone.now())
        self.unsent = find_draft(draft_id=self._draft_id(), owner=self.owner)

    def _draft_id(self) -> str | None:
        known = self.request.session.get(SESSION_KEY)
        if known is not None or "draft" not in self.request.POST:
            return known
        try:
            return str(signing.loads(self.request.POST["draft"], salt=SALT, max_age=KEPT_FOR))
        except signing.BadSignature:
            return None

    def keep(self) -> None:
        """Store what was typed; may raise what `keep_draft` raises."""
        keep_draft(unsent=self.unsent, owner=self.owner, address=self.address)
        self.request.session[SESSION_KEY] = str(self.unsent.id)

    @property
    def draft_token(self) -> str:
        """The number of the draft, signed, for the page to bring back."""
        return signing.dumps(str(self.unsent.id), salt=SALT) if self.unsent.id else ""

    def setting(self, page: Page) -> Setting | None:
        """Return what a page depends on, None before a consulate was chosen."""
        start = Setting(day=self.day, owner=self.owner)
        if page is PAGES[0]:
            return start
        where = judged(PAGES[0], self.unsent.step("where"), start)
        if where is None or where.cleaned_data["stay"] == "long_stay":
            return None
        mission = where.cleaned_data["mission"]
        return Setting(day=self.day, mission=mission, owner=self.owner)

    def verdict_on_language(self, mission: Mission, declared: str) -> Verdict:
        """Judge the language of the text that was typed."""
        return read(
            mission=mission,
            text=self.unsent.text,
            declared=declared,
            page=page_language(),
            day=self.day,
            said=self.unsent.language_said,
        )

    def verdict_on_appeal(self) -> Verdict:
        """Judge whether the text reads like an appeal."""
        return triage_verdict(self.unsent.text, self.day)


def page_language() -> str:
    """Return the language in which this site is read."""
    return (get_language() or "fr")[:2]


@method_decorator(never_cache, name="dispatch")
class ComplainPage(View):
    """One of the pages of `PAGES`."""

    slug = "where"
    keeps_input_of_anyone = True  # portal.views: carried over to another language

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        """Find the page and what was typed; lead to the first one where that is missing."""
        page = page_named(kwargs.get("slug", self.slug))
        if page is None:
            raise Http404
        self.page, self.visit = page, Visit(request)
        setting = self.visit.setting(page)
        if setting is None:
            return self._too_early()
        self.setting = setting
        return super().dispatch(request, *args, **kwargs)

    def get(self, request: HttpRequest, **_kwargs: Any) -> HttpResponse:
        """Show the page with what was typed before, without judging it."""
        held = held_input(request)
        typed = held if held is not None else self.visit.unsent.step(self.page.slug)
        initial = self.page.form(typed, setting=self.setting).typed() if typed is not None else {}
        if not initial and self.page is PAGES[0] and "mission" in request.GET:
            initial = {"mission": request.GET["mission"]}
        return self.show(self.page.form(setting=self.setting, initial=initial))

    def post(self, request: HttpRequest, **_kwargs: Any) -> HttpResponse:
        """Keep what was typed, then judge it, then go on."""
        visit, form = self.visit, self._bound()
        if "forget" in request.POST:
            return self._forget()
        visit.unsent.keep_step(self.page.slug, request.POST)
        try:
            visit.keep()
            self._files(form)
        except Refused as refusal:
            return self._refuse(form, refusal)
        if "remove" in request.POST or "attach" in request.POST:
            return redirect("complaints:complain_step", self.page.slug)
        if not form.is_valid():
            return self.show(form)
        return self._next(form)

    # --- what follows -------------------------------------------------------------------------

    def _next(self, form: StepForm) -> HttpResponse:
        if self.page.slug == "where":
            if form.cleaned_data["stay"] == "long_stay":
                return self.show(form, other_channel=LongStayElsewhere())
            return redirect("complaints:complain_step", "subject")
        if self.page.slug == "subject":
            return redirect("complaints:complain_step", "text")
        if self.page.slug == "text":
            return self._after_text(form)
        return self._send(form)

    def _after_text(self, form: StepForm) -> HttpResponse:
        """Ask about language and appeal where that is not clear, or go on to the person."""
        assert self.setting.mission is not None
        language = self.visit.verdict_on_language(
            self.setting.mission, form.cleaned_data["written_in"]
        )
        if language.outcome not in ("accepted", "agent_decides"):
            return redirect("complaints:complain_language")
        appeal = self.visit.verdict_on_appeal()
        if appeal.outcome != "complaint" and not self.visit.unsent.is_meant_as_complaint:
            return redirect("complaints:complain_appeal")
        return redirect("complaints:complain_step", "person")

    def _send(self, form: StepForm) -> HttpResponse:
        """Send it, or lead to the page on which something is missing."""
        pages: dict[str, StepForm] = {"person": form}
        for page in PAGES[:-1]:
            found = judged(page, self.visit.unsent.step(page.slug), self.setting)
            if found is None:
                messages.error(self.request, _("Something is missing on this page."))
                return redirect("complaints:complain_step", page.slug)
            pages[page.slug] = found
        try:
            cases = complain(told=self._told(pages), address=self.visit.address)
        except LanguageToAsk:
            return redirect("complaints:complain_language")
        except ReadsLikeAppeal:
            return redirect("complaints:complain_appeal")
        except Refused as refusal:
            return self._refuse(form, refusal)
        remember_sent(self.request, cases)
        self._after_sending()
        return redirect("complaints:sent")

    def _told(self, pages: dict[str, StepForm]) -> Told:
        where, subject = pages["where"].cleaned_data, pages["subject"].cleaned_data
        text, person = pages["text"].cleaned_data, pages["person"]
        unsent = self.visit.unsent
        return Told(
            mission=where["mission"],
            subjects=subject["subjects"],
            text=text["text"],
            declared=text["written_in"],
            page=page_language(),
            person=person.person(),  # type: ignore[attr-defined]  # the form of the last page
            said=unsent.language_said,
            is_complaint=unsent.is_meant_as_complaint,
            long_stay=pages["where"].is_long_stay,  # type: ignore[attr-defined]  # of the first
            by_post=person.cleaned_data["answer_by"] == "post",
            owner=self.visit.owner,
            application=text.get("application"),
            appointment_reference=text["appointment"],
            counter=subject.get("counter", ""),
            files=[file for file in attachments(unsent) if file.refusal is None],
        )

    def _after_sending(self) -> None:
        """Forget what was typed; an appeal that was set apart waits for its own page."""
        unsent = self.visit.unsent
        if unsent.appeal_text:
            unsent.typed.pop("text", None)
            unsent.files.clear()
            self.visit.keep()
            return
        forget_draft(unsent=unsent, actor=self.visit.owner)
        self.request.session.pop(SESSION_KEY, None)

    # --- files --------------------------------------------------------------------------------

    def _files(self, form: StepForm) -> None:
        """Store each good file even if another answer is wrong: no browser sends it twice."""
        if self.page.slug != "text":
            return
        visit = self.visit
        if "remove" in self.request.POST:
            file_id = self.request.POST["remove"]
            detach(unsent=visit.unsent, file_id=file_id, owner=visit.owner)
            return
        form.is_valid()
        stored = None
        for upload in form.cleaned_data.get("attachments") or []:
            stored = attach(
                unsent=visit.unsent, upload=upload, owner=visit.owner, address=visit.address
            )
        if stored is not None and stored.is_being_checked:
            wait_until_settled(stored_file=stored, seconds=PATIENCE)

    # --- pages --------------------------------------------------------------------------------

    def show(
        self, form: StepForm, other_channel: Refused | None = None, status: int = 0
    ) -> HttpResponse:
        """Show the page with `form`."""
        context = {
            "page": self.page,
            "number": PAGES.index(self.page) + 1,
            "total": len(PAGES),
            "back": PAGES[PAGES.index(self.page) - 1].slug if self.page is not PAGES[0] else "",
            "form": form,
            "keeps_form": "page-form",
            "draft_token": self.visit.draft_token,
            "other_channel": other_channel,
            **self._beside(),
        }
        code = status or (422 if form.is_bound and form.errors else 200)
        return render(self.request, "complaints/complain.html", context, status=code)

    def _beside(self) -> dict[str, Any]:
        if self.page.slug == "text":
            files = attachments(self.visit.unsent)
            return {"attached": files, "room": MOST_FILES - len(files)}
        if self.page.slug == "person":
            triage = self.visit.verdict_on_appeal() if self.visit.unsent.text else None
            return {
                "rows": self._rows(),
                "text": self.visit.unsent.text,
                "notes": shown_all(triage.findings, TRIAGE) if triage else [],
            }
        return {}

    def _rows(self) -> list[Row]:
        """Return what is about to be sent, with the way to change it."""
        rows = []
        for page in PAGES[:-1]:
            form = judged(page, self.visit.unsent.step(page.slug), self.setting)
            url = f"{self.request.path.rsplit('/', 2)[0]}/{page.slug}/"
            value = _in_words(page, form) if form is not None else ""
            rows.append(Row(str(page.title), value, url))
        return rows

    def _bound(self) -> StepForm:
        return self.page.form(self.request.POST, self.request.FILES, setting=self.setting)

    def _refuse(self, form: StepForm, refusal: Refused) -> HttpResponse:
        form.is_valid()
        form.add_error(None, f"{refusal.message} {refusal.remedy}".strip())
        busy = refusal.code in ("CANNOT_COUNT", "TOO_MANY_BEGUN", "TOO_MANY_COMPLAINTS")
        return self.show(form, status=429 if busy else 422)

    def _forget(self) -> HttpResponse:
        forget_draft(unsent=self.visit.unsent, actor=self.visit.owner)
        self.request.session.pop(SESSION_KEY, None)
        messages.success(self.request, _("What you typed is deleted."))
        return redirect("complaints:start")

    def _too_early(self) -> HttpResponse:
        """Lead to the first page; keep what a page without its session brought along."""
        request = self.visit.request
        if request.method == "POST" and was_sent(request) and not self.visit.unsent.typed:
            return redirect("complaints:sent")
        if request.method == "POST":
            self.visit.unsent.keep_step(self.page.slug, request.POST)
            try:
                self.visit.keep()
            except Refused as refusal:
                messages.error(request, f"{refusal.message} {refusal.remedy}")
            else:
                messages.info(request, _("What you typed is kept. Please begin on this page."))
        return redirect("complaints:complain")


def _in_words(page: Page, form: StepForm) -> str:
    given = form.cleaned_data
    if page.slug == "where":
        return str(given["mission"].name)
    if page.slug == "subject":
        return "\n".join(str(Category(one).label) for one in given["subjects"])
    return str(language_name(given["written_in"]))
