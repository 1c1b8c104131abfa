"""A post bag as one file: the list for the post office, then every letter."""

from __future__ import annotations

from collections.abc import Sequence
from io import BytesIO

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from portal.dates import civil_date
from portal.paper.sheet import Letterhead, Sheet
from portal.paper.table import Column, Table

from .letters import address_lines, pdf_of
from .models import Letter, PostBag


def bag_pdf(bag: PostBag, letters: Sequence[Letter]) -> bytes:
    """Return the PDF of a bag; `letters` are those that its reader may see."""
    import pikepdf  # it speaks on loading, and no other page needs it

    day = civil_date(bag.made_at)
    papers = [_list(bag, letters), *(pdf_of(letter, today=day) for letter in letters)]
    with pikepdf.new() as whole:
        for paper in papers:
            with pikepdf.open(BytesIO(paper)) as part:
                whole.pages.extend(part.pages)
        target = BytesIO()
        whole.save(target)
    return target.getvalue()


def _list(bag: PostBag, letters: Sequence[Letter]) -> bytes:
    columns = [
        Column(_("Letter"), 2),
        Column(_("To"), 6),
        Column(_("Tracking number"), 3),
    ]
    rows = [
        [letter.reference, ", ".join(address_lines(letter.address)), letter.tracking_number]
        for letter in letters
    ]
    return Sheet(
        title=_("Letters of the bag %(reference)s") % {"reference": bag.reference},
        language=get_language() or "fr",
        day=civil_date(bag.made_at),
        letterhead=Letterhead(bag.mission.name),
        blocks=[Table(columns, rows)],
        footer=bag.reference,
    ).pdf()
