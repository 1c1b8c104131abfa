from django.urls import path

from .views import booking, confirming, draw_requests, draws, fees, releases, signals, tip_offs

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
    path("draws/", draws.draws, name="draws"),
    path("draws/<uuid:draw_id>/", draws.draw, name="draw"),
    path("draws/<uuid:draw_id>/transcript.json", draws.transcript, name="draw_transcript"),
    path("noticed/<uuid:signal_id>/", signals.signal, name="signal"),
    path("requests/<uuid:request_id>/", draw_requests.detail, name="draw_request"),
    path("requests/<uuid:request_id>/wishes/", draw_requests.wishes, name="draw_wishes"),
    path("requests/<uuid:request_id>/accept/", draw_requests.accept, name="draw_accept"),
    path("requests/<uuid:request_id>/withdraw/", draw_requests.withdraw, name="draw_withdraw"),
    path("for/<uuid:application_id>/draws/<uuid:draw_id>/", draw_requests.ask, name="draw_ask"),
    path("for/<uuid:application_id>/", booking.of_application, name="of_application"),
    path("for/<uuid:application_id>/choose/", booking.choose, name="choose"),
    path("for/<uuid:application_id>/choose/<int:slot_id>/", confirming.confirm, name="confirm"),
    path("<uuid:appointment_id>/", booking.detail, name="detail"),
    path("<uuid:appointment_id>/calendar.ics", booking.calendar, name="calendar"),
    path("<uuid:appointment_id>/cancel/", booking.cancel, name="cancel"),
    path("<uuid:appointment_id>/fee/", fees.fee, name="fee"),
    path("<uuid:appointment_id>/fee/pay/", fees.pay, name="fee_pay"),
    path("payments/<uuid:payment_id>/receipt/", fees.receipt, name="fee_receipt"),
]
