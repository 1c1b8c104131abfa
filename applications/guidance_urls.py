"""Addresses of the public tools, below tools/."""

from django.urls import path

from .views.guidance.answer import AnswerTool
from .views.guidance.days import DaysTool
from .views.guidance.hosting import HostingTool
from .views.guidance.index import index
from .views.guidance.papers import PapersTool
from .views.guidance.passport import PassportTool
from .views.guidance.visa import VisaTool
from .views.guidance.where import WhereTool

app_name = "guidance"
urlpatterns = [
    path("", index, name="index"),
    path("visa/", VisaTool.as_view(), name="visa"),
    path("days/", DaysTool.as_view(), name="days"),
    path("where/", WhereTool.as_view(), name="where"),
    path("papers/", PapersTool.as_view(), name="papers"),
    path("hosting/", HostingTool.as_view(), name="hosting"),
    path("answer/", AnswerTool.as_view(), name="answer"),
    path("passport/", PassportTool.as_view(), name="passport"),
]
