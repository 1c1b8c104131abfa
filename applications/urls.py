from django.urls import path

from .views import filing

app_name = "applications"
urlpatterns = [
    path("", filing.list_applications, name="list"),
    path("start/", filing.start, name="start"),
    path("<uuid:application_id>/", filing.detail, name="detail"),
    path("<uuid:application_id>/check/", filing.check, name="check"),
    path("<uuid:application_id>/correct/", filing.correct, name="correct"),
    path("<uuid:application_id>/withdraw/", filing.withdraw, name="withdraw"),
    path("<uuid:application_id>/<slug:slug>/", filing.step, name="step"),
]
