"""Pictures: decoded, turned upright, and encoded anew with nothing but their pixels."""

from __future__ import annotations

import io

from PIL import Image, ImageOps

from .answers import Copy, Limits, Refuse

QUALITY = 90
FORMATS = {"jpeg": ["JPEG"], "png": ["PNG"], "heic": ["HEIF"]}
AS_THEY_ARE = {"jpeg": ("L", "RGB"), "png": ("1", "L", "LA", "RGB", "RGBA", "I;16")}

Image.MAX_IMAGE_PIXELS = None  # measured below, with an answer of our own


def clean_picture(kind: str, content: bytes, limits: Limits) -> Copy:
    """Return a JPEG or PNG without metadata, trailing data or further frames."""
    target = "png" if kind == "png" else "jpeg"
    picture = _upright(_opened(kind, content, limits))
    picture = _in_a_mode_for(picture, target)
    picture.info.clear()  # what was read beside the pixels would be written again
    output = io.BytesIO()
    options = {"quality": QUALITY, "optimize": True} if target == "jpeg" else {}
    picture.save(output, target.upper(), **options)
    return Copy(output.getbuffer(), {"width": picture.width, "height": picture.height})


def _opened(kind: str, content: bytes, limits: Limits) -> Image.Image:
    if kind == "heic":
        _learn_heic()
    try:
        picture = Image.open(io.BytesIO(content), formats=FORMATS[kind])
        if picture.width * picture.height > limits.pixels:
            raise Refuse("too_many_pixels")
        picture.load()
    except (MemoryError, Refuse):
        raise
    except Exception as error:  # decoders raise whatever they like at what they cannot read
        raise Refuse("broken") from error
    return picture


def _learn_heic() -> None:
    import pillow_heif

    pillow_heif.options.DECODE_THREADS = 1
    pillow_heif.register_heif_opener(thumbnails=False)


def _upright(picture: Image.Image) -> Image.Image:
    """Turn the pixels as EXIF asks, since EXIF does not stay."""
    try:
        return ImageOps.exif_transpose(picture)
    except (MemoryError, Refuse):
        raise
    except Exception:  # metadata that cannot be read turns nothing
        return picture


def _in_a_mode_for(picture: Image.Image, target: str) -> Image.Image:
    if picture.mode in AS_THEY_ARE[target]:
        transparent = "transparency" in picture.info and picture.mode in ("L", "RGB")
        return picture.convert("RGBA") if transparent and target == "png" else picture
    see_through = picture.mode in ("P", "PA") and "transparency" in picture.info
    return picture.convert("RGBA" if see_through and target == "png" else "RGB")
