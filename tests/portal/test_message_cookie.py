import pytest
from django.contrib import messages
from django.contrib.messages.storage.cookie import CookieStorage
from django.http import HttpResponse
from django.test import Client
from django.urls import path

from portal.urls import urlpatterns as real

pytestmark = [pytest.mark.django_db, pytest.mark.urls(__name__)]
SAID = ["Votre rendez-vous est réservé.", "تم حجز موعدكم.", "<b>O'Neil & Söhne</b>"]


def say(request):
    for text in SAID * int(request.GET.get("times", 1)):
        messages.success(request, text)
    return HttpResponse("said")


def hear(request):
    return HttpResponse("|".join(str(one) for one in messages.get_messages(request)))


def as_django(request):
    storage = CookieStorage(request)
    storage.add(messages.INFO, SAID[0])
    response = HttpResponse("said")
    storage.update(response)
    return response


urlpatterns = [path("say/", say), path("hear/", hear), path("as-django/", as_django), *real]


@pytest.mark.parametrize("times", [1, 40])  # 40 do not fit into a cookie
def test_what_was_said_is_heard_once_on_the_next_page(times):
    client = Client()
    client.get("/say/", {"times": times})
    assert client.get("/hear/").text == "|".join(SAID * times)
    assert client.get("/hear/").text == ""


def test_what_a_compressed_cookie_said_before_an_update_is_heard():
    client = Client()
    client.get("/as-django/")
    assert client.get("/hear/").text == SAID[0]


def test_a_forged_cookie_says_nothing():
    client = Client()
    client.get("/say/")
    client.cookies["messages"] = client.cookies["messages"].value.replace("W", "X", 1)
    assert client.get("/hear/").text == ""
