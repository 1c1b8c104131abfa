"""Files for tests: honest ones and hostile ones, all made here."""

from __future__ import annotations

import io
import zipfile
import zlib

import pikepdf
import pillow_heif
from pikepdf import Array, Dictionary, Name, Pdf, Stream
from PIL import Image

EICAR = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"
ALGIERS = {1: "N", 2: (36.0, 45.0, 0.0), 3: "E", 4: (3.0, 3.0, 0.0)}
CAMERA = "SecretCamera"

pillow_heif.register_heif_opener()


# --- Pictures -----------------------------------------------------------------------------------


def picture(kind="JPEG", size=(80, 60), *, exif=True, orientation=1, **options):
    """A picture that is red on its left and blue on its right, taken in Algiers."""
    image = Image.new("RGB", size, "red")
    image.paste("blue", (size[0] // 2, 0, *size))
    if exif:
        tags = Image.Exif()
        tags[0x0112], tags[0x010F] = orientation, CAMERA
        tags[0x8825] = ALGIERS
        options["exif"] = tags
    output = io.BytesIO()
    image.save(output, kind, **options)
    return output.getvalue()


def png(**options):
    return picture("PNG", **options)


def heic(**options):
    return picture("HEIF", **{"size": (80, 64), **options})


def noise(size):
    """A PNG that does not compress."""
    import os

    image = Image.frombytes("RGB", size, os.urandom(3 * size[0] * size[1]))
    output = io.BytesIO()
    image.save(output, "PNG", compress_level=0)
    return output.getvalue()


def chunk(name, data):
    return len(data).to_bytes(4, "big") + name + data + zlib.crc32(name + data).to_bytes(4, "big")


def png_of(width, height, *more):
    """A black PNG of any size in a few kilobytes: one bit per pixel."""
    head = width.to_bytes(4, "big") + height.to_bytes(4, "big") + bytes([1, 0, 0, 0, 0])
    packer = zlib.compressobj(9)
    row = bytes(1 + (width + 7) // 8)
    data = b"".join(packer.compress(row) for _ in range(height)) + packer.flush()
    chunks = [chunk(b"IHDR", head), *more, chunk(b"IDAT", data), chunk(b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunks)


def jpeg_that_says(width, height):
    content = bytearray(picture())
    at = content.index(b"\xff\xc0")
    content[at + 5 : at + 9] = height.to_bytes(2, "big") + width.to_bytes(2, "big")
    return bytes(content)


def heic_that_says(width, height):
    content = bytearray(heic())
    at = content.index(b"ispe")
    content[at + 8 : at + 16] = width.to_bytes(4, "big") + height.to_bytes(4, "big")
    return bytes(content)


# --- PDFs ---------------------------------------------------------------------------------------


def pdf(pages=1, change=None, **save):
    """A PDF of so many pages; `change` may do harm to it before it is saved."""
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


def _script():
    return Dictionary(S=Name.JavaScript, JS="app.alert(1)")


def opens_a_script(paper):
    paper.Root.OpenAction = _script()


def names_scripts(paper):
    tree = Dictionary(Names=Array(["x", paper.make_indirect(_script())]))
    paper.Root.Names = Dictionary(JavaScript=tree)


def page_has_a_script(paper):
    paper.pages[0].AA = Dictionary(O=paper.make_indirect(_script()))


def launches(paper):
    action = Dictionary(S=Name.Launch, F="cmd.exe")
    link = Dictionary(Type=Name.Annot, Subtype=Name.Link, Rect=Array([0, 0, 9, 9]), A=action)
    paper.pages[0].Annots = Array([paper.make_indirect(link)])


def launches_after_a_jump(paper):
    jump = Dictionary(S=Name.GoTo, D=Array([paper.pages[0].obj, Name.Fit]))
    jump.Next = Array([Dictionary(S=Name.Launch, F="cmd.exe")])
    paper.Root.OpenAction = jump


def holds_a_file(paper):
    paper.attachments["virus.exe"] = pikepdf.AttachedFileSpec(paper, b"MZ hidden program")


def pins_a_file(paper):
    stream = Stream(paper, b"MZ hidden program")
    spec = Dictionary(Type=Name.Filespec, F="virus.exe", EF=Dictionary(F=stream))
    note = Dictionary(Type=Name.Annot, Subtype=Name.FileAttachment, Rect=Array([0, 0, 9, 9]))
    note.FS = paper.make_indirect(spec)
    paper.pages[0].Annots = Array([paper.make_indirect(note)])


def has_a_form_of_its_own(paper):
    paper.Root.AcroForm = Dictionary(Fields=Array([]), XFA=Stream(paper, b"<xdp:xdp>hidden"))


def has_metadata(paper):
    paper.docinfo["/Author"] = CAMERA
    paper.Root.Metadata = Stream(paper, f"<x>{CAMERA}</x>".encode())


ACTING = [opens_a_script, names_scripts, page_has_a_script, launches, launches_after_a_jump,
          holds_a_file, pins_a_file, has_a_form_of_its_own, has_metadata]  # fmt: skip


def holds_a_photo(paper):
    photo = picture()
    image = Stream(paper, photo)
    image["/Type"], image["/Subtype"] = Name.XObject, Name.Image
    image["/Width"], image["/Height"] = 80, 60
    image["/ColorSpace"], image["/BitsPerComponent"] = Name.DeviceRGB, 8
    image.write(photo, filter=Name.DCTDecode)
    paper.pages[0].Resources = Dictionary(XObject=Dictionary(Im0=image))
    paper.pages[0].Contents = Stream(paper, b"q 200 0 0 150 50 500 cm /Im0 Do Q")


def holds_a_giant(paper):
    image = Stream(paper, b"")
    image["/Type"], image["/Subtype"] = Name.XObject, Name.Image
    image["/Width"], image["/Height"] = 20_000, 10_000
    image["/ColorSpace"], image["/BitsPerComponent"] = Name.DeviceGray, 1
    image.write(zlib.compress(bytes(25_000_000), 9), filter=Name.FlateDecode)
    paper.pages[0].Resources = Dictionary(XObject=Dictionary(Im0=image))


def _packed(paper, data, filters):
    stream = Stream(paper, b"")
    stream.write(data, filter=filters)
    paper.pages[0].Contents = stream


def is_a_bomb(paper):
    _packed(paper, zlib.compress(bytes(200_000_000), 9), Name.FlateDecode)


def is_a_bomb_in_a_bomb(paper):
    data = zlib.compress(zlib.compress(bytes(200_000_000), 9), 9)
    _packed(paper, data, Array([Name.FlateDecode, Name.FlateDecode]))


def is_a_bomb_in_letters(paper):
    data = zlib.compress(bytes(200_000_000), 9).hex().encode() + b">"
    _packed(paper, data, Array([Name.ASCIIHexDecode, Name.FlateDecode]))


def is_a_portfolio(paper):
    holds_a_file(paper)
    paper.Root.Collection = Dictionary(View=Name.D)


def is_drawn_by_a_script(paper):
    has_a_form_of_its_own(paper)
    paper.Root.NeedsRendering = True


def locked_pdf(user="secret"):
    return pdf(encryption=pikepdf.Encryption(owner="owner", user=user))


# --- Neither ------------------------------------------------------------------------------------


def archive(**files):
    output = io.BytesIO()
    with zipfile.ZipFile(output, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in (files or {"a.txt": b"x"}).items():
            packed.writestr(name, content)
    return output.getvalue()


def half(content):
    return content[: len(content) * 6 // 10]
