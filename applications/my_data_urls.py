from django.urls import path

from .views import my_data

app_name = "my_data"
urlpatterns = [
    path("", my_data.index, name="index"),
    path("export/", my_data.ask_export, name="ask_export"),
    path("export/<uuid:export_id>/", my_data.download, name="download"),
    path("applications/<uuid:application_id>/delete/", my_data.delete_file, name="delete_file"),
    path("account/delete/", my_data.close_account, name="close_account"),
]
