"""Is my passport good enough? What the passport rules need to know (PA-01 to PA-13)."""

from __future__ import annotations

from crispy_forms.layout import HTML, Layout
from django import forms
from django.utils.html import format_html_lazy
from django.utils.translation import gettext_lazy as _

from applications.enums import PassportDefect, VisaClass
from applications.rules.passport import Defect, PassportFacts
from applications.rules.passport import VisaClass as RuledVisaClass
from portal.countries import country_names
from portal.forms.fields import CivilDateField
from portal.forms.layout import PageForm

from .fields import MissionField, NumberField
