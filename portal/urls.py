"""Every address of the site."""

from __future__ import annotations

from django.conf import settings
from django.contrib import admin
from django.urls import URLPattern, URLResolver, include, path

from portal import views

handler400 = views.bad_request
handler403 = views.permission_denied
handler404 = views.page_not_found
handler500 = views.server_error

urlpatterns: list[URLPattern | URLResolver] = [
    path("", views.home, name="home"),
    path("how-it-works/", views.how_it_works, name="how_it_works"),
    path("language/", views.set_language, name="set_language"),
    path("healthz", views.healthz, name="healthz"),
    path("readyz", views.readyz, name="readyz"),
    path("", include("portal.accounts.urls")),
    path("applications/", include("applications.urls")),
    path("my-data/", include("applications.my_data_urls")),
    path("appointments/", include("appointments.urls")),
    path("maintenance/", include("appointments.maintenance_urls")),
    path("tools/", include("applications.guidance_urls")),
    path("complaints/", include("complaints.urls")),
    path("rules/", include("portal.rule_book.urls")),
    path("help/", include("portal.help.urls")),
    path("papers/", include("portal.paper.urls")),
    path("payments/", include("portal.payments.urls")),
    path("admin/", admin.site.urls),
]

if settings.MAIL_DIR:
    urlpatterns.append(path("dev/mail/", include("portal.outbox.devmail")))

if settings.DEBUG:
    urlpatterns.append(path("dev/components/", include("portal.gallery")))
