import json

import pytest
from django.core.management import call_command

CODE = """
from django.utils.translation import gettext as _, gettext_lazy, ngettext
from django.utils.translation import pgettext_lazy as named

# Translators: on the button
TEXT = _("Book %(date)s")
OTHER = gettext_lazy("One "
    "sentence.")
MANY = ngettext("%(count)s day", "%(count)s days", 3)
NAME = named("month", "May")
NOT_A_TEXT = print("not a text")
"""
TEMPLATE = """
{% load i18n %}
  <p>it's {% translate "From a template" %}</p>
      {% blocktranslate trimmed with name=user.name %}
        Hello {{ name }},
        welcome.
      {% endblocktranslate %}
  {% blocktranslate count n=days %}{{ n }} hour{% plural %}{{ n }} hours{% endblocktranslate %}
  {% translate "May" context "permission" as may %}
  {{ value|default:_("Nothing") }} {% if x %}"half a quote{% endif %}
"""


@pytest.fixture
def project(settings, tmp_path):
    """A small project with one Python file and one template."""
    (tmp_path / "portal").mkdir()
    (tmp_path / "portal" / "words.py").write_text(CODE)
    (tmp_path / "templates" / "portal").mkdir(parents=True)
    (tmp_path / "templates" / "portal" / "page.html").write_text(TEMPLATE)
    settings.BASE_DIR = tmp_path
    settings.LOCALE_PATHS = [tmp_path / "portal" / "locale"]
    return tmp_path


@pytest.fixture
def catalogues(project, tmp_path, capsys):
    """Run the command and return what it printed."""

    def run(*arguments, **entries):
        call_command("catalogues", *arguments)
        return capsys.readouterr().out

    return run


@pytest.fixture
def take(catalogues, tmp_path):
    """Import translations as a translator hands them in."""

    def run(language, entries):
        file = tmp_path / "entries.json"
        file.write_text(json.dumps(entries))
        return catalogues("import", "--language", language, str(file))

    return run
