"""The development servers as a Django app: it brings commands, no models."""

from django.apps import AppConfig


class DevserverConfig(AppConfig):
    """Registers `manage.py up` and `manage.py servers`."""

    name = "portal.devserver"
    label = "devserver"
