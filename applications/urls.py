from django.urls import path

from .views import (
    conversation,
    file,
    filing,
    hosting,
    household,
    intake,
    papers,
    receipts,
    submission,
)

app_name = "applications"
urlpatterns = [
    path("", file.list_applications, name="list"),
    path("start/", intake.start, name="start"),
    path("household/", household.household, name="household"),
    path("household/add/", household.add, name="household_add"),
    path("household/<uuid:traveller_id>/", household.change, name="household_change"),
    path("household/<uuid:traveller_id>/remove/", household.remove, name="household_remove"),
    path("hosting/", hosting.certificates, name="hosting"),
    path("hosting/add/", hosting.add, name="hosting_add"),
    path("hosting/<uuid:certificate_id>/", hosting.change, name="hosting_change"),
    path("hosting/<uuid:certificate_id>/remove/", hosting.remove, name="hosting_remove"),
    path("<uuid:application_id>/", file.detail, name="detail"),
    path("<uuid:application_id>/messages/", conversation.conversation, name="messages"),
    path("<uuid:application_id>/messages/read/", conversation.mark_read, name="messages_read"),
    path("<uuid:application_id>/papers-sent/", filing.answer_request, name="answer_request"),
    path("<uuid:application_id>/receipts/<slug:receipt>/", receipts.receipt, name="receipt"),
    path("<uuid:application_id>/check/", submission.check, name="check"),
    path("<uuid:application_id>/agree/", submission.agree, name="agree"),
    path("<uuid:application_id>/together/", household.travel_together, name="together"),
    path("<uuid:application_id>/same-journey/", household.same_journey, name="same_journey"),
    path("<uuid:application_id>/correct/", filing.correct, name="correct"),
    path("<uuid:application_id>/withdraw/", filing.withdraw, name="withdraw"),
    path("<uuid:application_id>/papers/", papers.papers, name="papers"),
    path("<uuid:application_id>/papers/to-bring/", papers.to_bring, name="to_bring"),
    path("<uuid:application_id>/papers/<slug:kind>/", papers.paper, name="paper"),
    path("<uuid:application_id>/papers/<slug:kind>/bring/", papers.bring, name="paper_bring"),
    path(
        "<uuid:application_id>/papers/<slug:kind>/files/<uuid:file_id>/",
        papers.file,
        name="paper_file",
    ),
    path(
        "<uuid:application_id>/papers/<slug:kind>/remove/<int:part_id>/",
        papers.remove,
        name="paper_remove",
    ),
    path("<uuid:application_id>/<slug:slug>/", intake.step, name="step"),
]
