"""Every text message in every language takes two pieces at most."""

from pathlib import Path

import pytest
from django.conf import settings as site

from portal.outbox.channels import Channel
from portal.outbox.composing import compose_text
from portal.outbox.models import Message
from portal.outbox.notifications import kinds, of_kind
from portal.outbox.segments import MOST, segments

from .longest import LONGEST
from .sample import notifications as _registered  # noqa: F401  # its "move" is told by text

TEXTED = [kind for kind in kinds() if Channel.SMS in of_kind(kind).channels]
TEMPLATES = Path(site.BASE_DIR) / "templates" / "emails"


def test_who_declares_texts_has_a_template_and_a_longest_case():
    assert set(TEXTED) == set(LONGEST), "say the longest case in longest.py"
    written = {file.parent.name for file in TEMPLATES.glob("*/sms.txt")}
    assert written <= set(TEXTED), "these declare no text message"


@pytest.mark.parametrize("language", dict(site.LANGUAGES))
@pytest.mark.parametrize("kind", LONGEST)
def test_a_text_takes_two_pieces_at_most(sample, settings, kind, language):
    settings.BASE_URL = "https://rendez-vous.consulat.example"
    text = compose_text(Message(kind=kind, language=language, context=LONGEST[kind]))
    assert segments(text) <= MOST, f"{len(text)} signs: {text}"
    assert "\n" not in text
