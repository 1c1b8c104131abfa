"""Take out of an object of a PDF whatever acts, hides a file or tells more than its page."""

from __future__ import annotations

import pikepdf

from .jpeg_segments import without_metadata

# Keys that mean nothing but an action, a script or a hidden file, wherever they stand.
ACTING = ("/AA", "/OpenAction", "/JS", "/JavaScript", "/Launch", "/EmbeddedFiles", "/EF", "/AF",
          "/XFA", "/RichMediaContent", "/RichMediaSettings", "/Metadata", "/PieceInfo")  # fmt: skip
ACTIONS = frozenset({"/JavaScript", "/Launch", "/URI", "/SubmitForm", "/ResetForm", "/ImportData",
                     "/GoToR", "/GoToE", "/GoTo3DView", "/Rendition", "/RichMediaExecute", "/Movie",
                     "/Sound", "/Trans", "/Hide", "/SetOCGState", "/Named", "/Thread"})  # fmt: skip
ACTION_HOLDERS = ("/A", "/PA", "/Next")
HIDING = frozenset({"/FileAttachment", "/RichMedia", "/Screen", "/Movie", "/Sound", "/3D",
                    "/Projection"})  # fmt: skip
DEEPEST = 100  # direct objects inside each other; real files have a handful


def scrub(item: pikepdf.Object, depth: int = 0) -> None:
    """Clean one object and what stands directly in it; indirect objects have their own turn."""
    if depth > DEEPEST:
        raise RecursionError
    if isinstance(item, pikepdf.Array):
        _scrub_array(item, depth)
    elif isinstance(item, (pikepdf.Dictionary, pikepdf.Stream)):
        _scrub_keys(item, depth)
        if isinstance(item, pikepdf.Stream):
            _scrub_picture(item)


def _scrub_array(item: pikepdf.Array, depth: int) -> None:
    for index in reversed(range(len(item))):
        member = item[index]
        if _hides(member):
            del item[index]
        elif not member_is_indirect(member):
            scrub(member, depth + 1)


def _scrub_keys(item: pikepdf.Object, depth: int) -> None:
    for key in list(item.keys()):
        value = item[key]
        if key in ACTING or (key in ACTION_HOLDERS and _acts(value)):
            del item[key]
        elif isinstance(value, pikepdf.Object) and not value.is_indirect:
            scrub(value, depth + 1)


def member_is_indirect(member: object) -> bool:
    """Tell whether a member of an array has its own turn, or is a plain value."""
    return not isinstance(member, pikepdf.Object) or member.is_indirect


def _acts(value: object) -> bool:
    if isinstance(value, pikepdf.Array):
        return any(_acts(member) for member in value)
    return isinstance(value, pikepdf.Dictionary) and str(value.get("/S", "")) in ACTIONS


def _hides(value: object) -> bool:
    return isinstance(value, pikepdf.Dictionary) and str(value.get("/Subtype", "")) in HIDING


def _scrub_picture(item: pikepdf.Stream) -> None:
    """Take places and times out of photographs that were put into the PDF as they were."""
    if item.get("/Filter") == pikepdf.Name.DCTDecode:
        raw = item.read_raw_bytes()
        cleaned = without_metadata(raw)
        if len(cleaned) != len(raw):
            item.write(cleaned, filter=pikepdf.Name.DCTDecode)
