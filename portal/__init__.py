"""The site, and the little that all apps share."""

from .celery import app as celery_app

__all__ = ["celery_app"]
