"""Files for tests: honest ones and hostile ones, all made here."""

from __future__ import annotations

import io
import struct
import zlib

import pikepdf
from PIL import Image
from pikepdf import Array, Dictionary, Name, Pdf, Stream

EICAR = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"
ALGIERS = {1: "N", 2: (36.0, 45.0, 0.0), 3: "E", 4: (3.0, 3.0, 0.0)}


def picture(kind="JPEG", size=(40, 30), *, exif=True, orientation=1, **options):
    """A picture that is red on its left and blue on its right, taken in Algiers."""
    image = Image.new("RGB", size, "red")
    image.paste("blue", (size[0] // 2, 0, *size))
    if exif:
        tags = Image.Exif()
        tags[0x0112], tags[0x010F] = orientation, "SecretCamera"
        tags[0x8825] = ALGIERS
        options["exif"] = tags
    output = io.BytesIO()
    image.save(output, kind, **options)
    return output.getvalue()


def heic(size=(64, 48), **options):
    import pillow_heif

    pillow_heif.register_heif_opener()
    return picture("HEIF", size, **options)


def pdf(pages=1, change=None, **save):
    """A PDF with so many pages; `change` may do harm to it before it is saved."""
    paper = Pdf.new()
    for number in range(pages):
        paper.add_blank_page(page_size=(595, 842))
        text = f"BT /F1 12 Tf 50 700 Td (Page {number + 1}) Tj ET".encode()
        paper.pages[-1].Contents = Stream(paper, text)
    if change:
        change(paper)
    output = io.BytesIO()
    paper.save(output, **save)
    return output.getvalue()
