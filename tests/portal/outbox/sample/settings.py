"""The site's settings with the sample app, for processes that the tests start."""

from portal.settings import *  # noqa: F403
from portal.settings import INSTALLED_APPS

INSTALLED_APPS = [*INSTALLED_APPS, "tests.portal.outbox.sample"]
