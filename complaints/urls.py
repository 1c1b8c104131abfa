"""Addresses of complaints and appeals."""

from django.urls import path

from .views import appeal, case, figures, sent, status
from .views.asking import AppealPage, LanguagePage
from .views.complain import ComplainPage
from .views.guidance import DeadlineTool
from .views.start import DecisionTool, EntryTool, WaitingTool, start

app_name = "complaints"
urlpatterns = [
    path("", start, name="start"),
    path("decision/", DecisionTool.as_view(), name="decision"),
    path("entry/", EntryTool.as_view(), name="entry"),
    path("waiting/", WaitingTool.as_view(), name="waiting"),
    path("complain/", ComplainPage.as_view(), name="complain"),
    path("complain/language/", LanguagePage.as_view(), name="complain_language"),
    path("complain/appeal/", AppealPage.as_view(), name="complain_appeal"),
    path("complain/<slug:slug>/", ComplainPage.as_view(), name="complain_step"),
    path("sent/", sent.sent, name="sent"),
    path("sent/<slug:reference>/receipt.pdf", sent.receipt, name="receipt"),
    path("status/", status.status, name="status"),
    path("status/code/", status.code, name="status_code"),
    path("mine/", case.mine, name="mine"),
    path("case/<uuid:case_id>/", case.page, name="case"),
    path("case/<uuid:case_id>/read/", case.mark_read, name="case_read"),
    path("case/<uuid:case_id>/withdraw/", case.withdraw, name="case_withdraw"),
    path("case/<uuid:case_id>/leave/", case.leave, name="case_leave"),
    path("case/<uuid:case_id>/files/<uuid:file_id>/", case.file, name="case_file"),
    path("figures/", figures.figures, name="figures"),
    path("appeal/", appeal.appeal, name="appeal"),
    path("appeal/letter/", appeal.letter, name="appeal_letter"),
    path("appeal/sent/<uuid:case_id>/", appeal.sent, name="appeal_sent"),
    path("appeal/sent/<uuid:case_id>/receipt.pdf", appeal.receipt, name="appeal_receipt"),
    path("deadline/", DeadlineTool.as_view(), name="deadline"),
]
