"""The site with one more address, which receives a file and does nothing else with it."""

from __future__ import annotations

import os

from django.conf import settings
from django.http import HttpRequest, HttpResponse

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
settings.ROOT_URLCONF = "bench._upload_site"

from django.core.wsgi import get_wsgi_application  # noqa: E402
from django.urls import path  # noqa: E402
from django.views.decorators.csrf import csrf_exempt  # noqa: E402

application = get_wsgi_application()

from portal.uploads.operations import receive  # noqa: E402
from portal.urls import urlpatterns as site  # noqa: E402


@csrf_exempt
def send(request: HttpRequest) -> HttpResponse:
    row = receive(upload=request.FILES["paper"], owner=None)
    return HttpResponse(str(row.pk))


urlpatterns = [path("bench/send/", send), *site]
