"""The Celery application.  What beat starts is one table: `portal/schedule.py`.

Due times live in PostgreSQL: a beat task looks for rows that are due, so that a lost message
on the broker delays work and never loses it.
"""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")

app = Celery("guichet")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
