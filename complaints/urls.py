"""Addresses of complaints and appeals."""

from django.urls import path

from .views import sent
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
    path("deadline/", DeadlineTool.as_view(), name="deadline"),
]
