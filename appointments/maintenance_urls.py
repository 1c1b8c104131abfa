from django.urls import path

from .views import maintenance

app_name = "maintenance"
urlpatterns = [
    path("", maintenance.status, name="status"),
    path("past/", maintenance.past, name="past"),
]
