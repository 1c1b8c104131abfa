"""The WSGI application that gunicorn serves.

What is large and never changes is loaded here: under ``--preload`` before the workers fork, so
that they share its pages.  Workers of tasks and commands do not come by and stay small.
"""

import os

from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.utils.module_loading import import_string

from portal.shared_pages import SharedPages

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")

application = SharedPages(get_wsgi_application())

for load in settings.LOADED_BEFORE_FORKING:
    import_string(load)()
