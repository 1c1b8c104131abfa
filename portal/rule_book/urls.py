"""Addresses of the rule book, below rules/."""

from django.urls import path, re_path

from . import views

app_name = "rule_book"
urlpatterns = [
    path("", views.index, name="index"),
    re_path(r"^(?P<code>[A-Z]{2})/$", views.family, name="family"),
    re_path(r"^(?P<code>[A-Z]{2}-[0-9]{2})/$", views.rule, name="rule"),
]
