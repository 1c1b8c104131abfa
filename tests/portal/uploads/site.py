"""A small site with a form that takes a file, and a page that shows one."""

from django import forms
from django.http import HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404
from django.template import RequestContext, Template
from django.urls import path

from portal.forms.layout import PageForm
from portal.refusals import Refused
from portal.uploads.fields import UploadField
from portal.uploads.models import StoredFile
from portal.uploads.operations import receive
from portal.uploads.serving import serve
from portal.urls import handler400, handler403, handler404, handler500, urlpatterns

__all__ = ["handler400", "handler403", "handler404", "handler500"]

PAGE = (
    '{% extends "base.html" %}{% load crispy_forms_tags %}'
    "{% block content %}<h1>Send</h1>{% crispy form %}{% endblock %}"
)


class PaperForm(PageForm, forms.Form):
    remark = forms.CharField(label="Remark", max_length=50)
    paper = UploadField(label="Your paper")


def send(request):
    form = PaperForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        owner = request.user if request.user.is_authenticated else None
        row = receive(upload=form.cleaned_data["paper"], owner=owner)
        return JsonResponse({"id": str(row.pk), "name": row.name, "digest": row.digest.hex()})
    page = Template(PAGE).render(RequestContext(request, {"form": form}))
    return HttpResponse(page, status=422 if form.is_bound else 200)


def show(request, key):
    row = get_object_or_404(StoredFile, pk=key)
    try:
        return serve(request, row, download="save" in request.GET)
    except Refused as refusal:
        return HttpResponse(f"{refusal.code}: {refusal.message} {refusal.remedy}", status=409)


urlpatterns = [
    path("paper/", send, name="send"),
    path("paper/<uuid:key>/", show, name="show"),
    *urlpatterns,
]
