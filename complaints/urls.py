"""Addresses of complaints and appeals."""

from django.urls import path

from .views.guidance import DeadlineTool

app_name = "complaints"
urlpatterns = [
    path("deadline/", DeadlineTool.as_view(), name="deadline"),
]
