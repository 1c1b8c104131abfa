from django.urls import path

from .views import booking, confirming, releases, tip_offs

app_name = "appointments"
urlpatterns = [
    path("", booking.list_appointments, name="list"),
    path("centres/", booking.centres, name="centres"),
    path("centres/<slug:code>/", booking.centre, name="centre"),
    path("report/", tip_offs.report, name="report"),
    path("report/sent/", tip_offs.reported, name="reported"),
    path("releases/", releases.releases, name="releases"),
    path("releases/<int:plan_id>/", releases.release, name="release"),
    path("releases/<int:plan_id>/transcript.json", releases.transcript, name="release_transcript"),
    path("for/<uuid:application_id>/", booking.of_application, name="of_application"),
    path("for/<uuid:application_id>/choose/", booking.choose, name="choose"),
    path("for/<uuid:application_id>/choose/<int:slot_id>/", confirming.confirm, name="confirm"),
    path("<uuid:appointment_id>/", booking.detail, name="detail"),
    path("<uuid:appointment_id>/calendar.ics", booking.calendar, name="calendar"),
    path("<uuid:appointment_id>/cancel/", booking.cancel, name="cancel"),
]
