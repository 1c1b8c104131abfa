"""Addresses of papers, below papers/."""

from django.urls import path

from . import views

app_name = "paper"
urlpatterns = [
    path("", views.enter, name="enter"),
    path("<str:code>/", views.check, name="check"),
]
