"""Addresses of the public tools, below tools/."""

from django.urls import path

from .views.guidance.index import index
from .views.guidance.passport import PassportTool
from .views.guidance.visa import VisaTool

app_name = "guidance"
urlpatterns = [
    path("", index, name="index"),
    path("visa/", VisaTool.as_view(), name="visa"),
    path("passport/", PassportTool.as_view(), name="passport"),
]
