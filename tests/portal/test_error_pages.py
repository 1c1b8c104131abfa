import pytest
from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.db import OperationalError
from django.test import Client
from django.urls import path, reverse
from redis.exceptions import ConnectionError as StoreAway

from portal import views
from portal.urls import handler400, handler403, handler404, handler500, urlpatterns

__all__ = ["handler400", "handler403", "handler404", "handler500"]
LANGUAGES = {"fr": "ltr", "ar": "rtl", "de": "ltr", "en": "ltr"}
TROUBLES = {
    "denied": PermissionDenied(),
    "suspicious": SuspiciousOperation(),
    "broken": RuntimeError("a secret of the code"),
    "database": OperationalError("password=secret"),
    "store": StoreAway("password=secret"),
}


def trouble(request, name):
    raise TROUBLES[name]


urlpatterns = [path("trouble/<str:name>/", trouble), *urlpatterns]
pytestmark = pytest.mark.urls(__name__)


def visit(address, language="en", **options):
    client = Client(raise_request_exception=False)
    client.cookies["guichet_language"] = language
    return client.get(address, **options)


@pytest.mark.parametrize(("language", "direction"), LANGUAGES.items())
@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("/nowhere/", 404),
        ("/trouble/denied/", 403),
        ("/trouble/suspicious/", 400),
        ("/trouble/broken/", 500),
        ("/trouble/database/", 503),
        ("/trouble/store/", 503),
    ],
)
def test_every_error_is_a_calm_page_in_the_readers_language(address, status, language, direction):
    response = visit(address, language)
    html = response.content.decode()
    assert response.status_code == status
    assert f'<html lang="{language}" dir="{direction}">' in html
    assert html.count("<h1>") == 1
    assert 'href="/"' in html
    assert "secret" not in html


@pytest.mark.parametrize("name", ["broken", "database"])
def test_a_failure_asks_no_server(name, django_assert_num_queries, db):
    with django_assert_num_queries(0):
        visit(f"/trouble/{name}/")


def test_a_server_that_is_away_says_when_to_come_back_and_in_every_language():
    response = visit("/trouble/database/", "de")
    assert response.headers["Retry-After"] == "120"
    for sentence in ("Rien n’est perdu", "لم يضع أي شيء", "Nichts geht verloren"):
        assert sentence in response.content.decode()


def test_the_page_of_a_failure_stands_without_its_stylesheet(monkeypatch):
    def no_manifest(path):
        raise ValueError(path)

    monkeypatch.setattr(views, "static", no_manifest)
    response = visit("/trouble/broken/")
    assert response.status_code == 500
    assert "stylesheet" not in response.content.decode()


def test_a_form_from_yesterday_hears_that_nothing_is_lost(db):
    response = Client(enforce_csrf_checks=True).post(reverse("account_logout"))
    assert response.status_code == 403
    assert "Rien n" in response.content.decode() or "Nothing is lost" in response.content.decode()


def test_too_much_at_once_is_told_so():
    response = Client(raise_request_exception=False).post(
        "/language/", {"language": "x" * 2_000_000}
    )
    assert response.status_code == 413


def test_health_asks_nobody(django_assert_num_queries, db):
    with django_assert_num_queries(0):
        response = Client().get("/healthz")
    assert (response.status_code, response.content) == (200, b"ok\n")


def test_ready_means_that_database_and_store_answer(db):
    assert Client().get("/readyz").status_code == 200


def test_not_ready_while_the_store_is_away(settings, db):
    settings.CACHES = {
        "default": {
            "BACKEND": "django.core.cache.backends.redis.RedisCache",
            "LOCATION": "redis://127.0.0.1:1/0",
        }
    }
    response = Client().get("/readyz")
    assert response.status_code == 503
    assert b"127.0.0.1" not in response.content
