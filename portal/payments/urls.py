from django.urls import path

from . import views

app_name = "payments"
urlpatterns = [
    path("notice/", views.notice, name="notice"),
    path("trial/<str:order>/", views.trial_page, name="trial"),
]
