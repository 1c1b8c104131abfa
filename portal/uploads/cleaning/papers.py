"""PDFs: inspected object by object, and written anew without anything that acts.

What acts is removed rather than refused, since many honest papers carry a harmless script or an
attached invoice, and a page loses nothing by it. Refused is what would lose its content: forms
that a script draws, and portfolios, whose papers are the attachments.
"""

from __future__ import annotations

import io

import pikepdf

from .answers import Copy, Limits, Refuse
from .scrubbing import scrub
from .weighing import Scales


def clean_paper(content: bytes, limits: Limits) -> Copy:
    """Return the PDF without scripts, actions, attachments and metadata."""
    try:
        with pikepdf.open(io.BytesIO(content), attempt_recovery=False) as paper:
            return _cleaned(paper, limits)
    except pikepdf.PasswordError as error:
        raise Refuse("locked") from error
    except (pikepdf.PdfError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise Refuse("broken") from error
    except RecursionError as error:
        raise Refuse("too_heavy") from error


def _cleaned(paper: pikepdf.Pdf, limits: Limits) -> Copy:
    _check_document(paper, limits)
    scales = Scales(limits.pixels)
    for item in paper.objects:
        scales.weigh(item)
        scrub(item)
    _strip_document(paper)
    output = io.BytesIO()
    paper.save(output, object_stream_mode=pikepdf.ObjectStreamMode.generate)
    return Copy(output.getbuffer(), {"pages": len(paper.pages)})


def _check_document(paper: pikepdf.Pdf, limits: Limits) -> None:
    if paper.is_encrypted:
        raise Refuse("locked")
    pages = len(paper.pages)
    if pages > limits.pages:
        raise Refuse("too_many_pages")
    if not pages:
        raise Refuse("broken")
    root = paper.Root
    if "/Collection" in root:
        raise Refuse("archive")
    if root.get("/NeedsRendering", False):
        raise Refuse("dynamic_form")


def _strip_document(paper: pikepdf.Pdf) -> None:
    """Remove what only the root and the trailer hold."""
    for key in ("/Metadata", "/PieceInfo", "/SpiderInfo", "/Perms", "/DSS", "/Legal"):
        if key in paper.Root:
            del paper.Root[key]
    if "/Info" in paper.trailer:
        del paper.trailer["/Info"]
