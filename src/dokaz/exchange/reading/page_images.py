"""Photographs of pages for whoever looks for lines in them: decoded, the right way up, in shades of grey."""

from __future__ import annotations

import io

from PIL import Image, ImageOps

from dokaz.exchange.reading.photographs import read_photograph


def read_page_image(data: bytes, *, file: str) -> tuple[Image.Image, tuple[str, ...]]:
    """The photograph in shades of grey, turned as its camera says, and in words what was done to it.

    Raises:
        BadFile: as ``read_photograph``: empty, not a JPEG or PNG, cut off or damaged, more than 200 million pixels.
    """
    read = read_photograph(data, file=file)
    image = Image.open(io.BytesIO(data), formats=("JPEG", "PNG"))
    notes = []
    upright = ImageOps.exif_transpose(image)
    if upright.size != (read.width, read.height) or image.getexif().get(0x0112, 1) != 1:
        notes.append("turned the right way up, as its camera says; coordinates are those of the turned photograph")
    if image.mode == "CMYK":
        notes.append("printing colours (CMYK), read as shades of grey")
    if "A" in image.getbands() or "transparency" in image.info:
        notes.append("transparent parts, read as white")
        upright = upright.convert("RGBA")
        upright = Image.alpha_composite(Image.new("RGBA", upright.size, "white"), upright)
    return upright.convert("L"), tuple(notes)


def upright_size(data: bytes, file: str) -> tuple[str, int, int]:
    """What sort of picture it is, as ``image/jpeg``, and its width and height, the right way up.

    Raises:
        BadFile: as ``read_photograph``.
    """
    read = read_photograph(data, file=file)
    turned = Image.open(io.BytesIO(data), formats=("JPEG", "PNG")).getexif().get(0x0112, 1) in range(5, 9)
    width, height = (read.height, read.width) if turned else (read.width, read.height)
    return f"image/{read.format.lower()}", width, height
