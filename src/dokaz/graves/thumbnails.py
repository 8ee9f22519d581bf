"""Small copies of photographs for lists: derived, kept in the store's cache, and carrying nothing over but the picture.

A camera's file holds place, time, owner and often a small copy of itself; none of it is in the thumbnail. The cache can be
deleted at any time.
"""

from __future__ import annotations

import io
from pathlib import Path

from PIL import ExifTags, Image, ImageOps

from dokaz.casework.apart import apart
from dokaz.casework.store import Store
from dokaz.errors import BadFile, sentence
from dokaz.exchange.reading.limits import OF_A_PICTURE
from dokaz.graves.models import Photograph
from dokaz.ledger.durable import make_directory, write_whole

SIDE_PX = 520


def thumbnail(photograph: Photograph, store: Store) -> Path:
    """The small copy of a photograph, made now, in a process of its own, if it was not made before.

    Raises:
        FileMissing: the vault does not hold the photograph.
        BadFile: it is too large to be made small here, or its decoder crashed.
        ReadersBusy: too many others are being made.
    """
    name = store.vault.place(photograph.sha256).name
    path = store.path / "cache" / "thumbnails" / name[:2] / f"{name}-{SIDE_PX}.jpg"
    hopeless = path.with_suffix(".refused")
    if hopeless.is_file():
        raise BadFile(
            sentence("no small copy could be made of it"),
            file=photograph.file_name,
            next_step=sentence("open the photograph itself; to try again, empty cache/thumbnails in the store"),
        )
    if not path.is_file():
        with store.vault.open(photograph.sha256):
            pass
        original = store.vault.place(photograph.sha256)
        make_directory(path.parent)
        try:
            small = apart(_small, original, within=OF_A_PICTURE, turns=store.turns, file=photograph.file_name)
        except BadFile:
            # Or every reader of the list would have it tried again.
            write_whole(hopeless, b"")
            raise
        write_whole(path, small)
    return path


def _small(original: Path) -> bytes:
    with original.open("rb") as file:
        image = Image.open(file)
        image.draft("RGB", (SIDE_PX * 2, SIDE_PX * 2))
        orientation = image.getexif().get(ExifTags.Base.Orientation)
        small = _reduced(image)
    # A new picture of the same dots: no EXIF, no colour profile, no comment, no second copy comes along.
    bare = Image.new("RGB", small.size)
    bare.paste(small)
    bare.getexif()[ExifTags.Base.Orientation] = orientation if orientation in range(1, 9) else 1
    upright = ImageOps.exif_transpose(bare)
    upright.thumbnail((SIDE_PX, SIDE_PX))
    out = io.BytesIO()
    upright.save(out, "JPEG", quality=80, exif=b"")
    return out.getvalue()


def _reduced(image: Image.Image) -> Image.Image:
    """The picture, averaged over squares until it is about twice as large as needed, never held a second time whole."""
    times = max(1, min(image.size) // (2 * SIDE_PX))
    if times == 1:
        return image.convert("RGB")
    width, height = -(-image.width // times), -(-image.height // times)
    reduced = Image.new("RGB", (width, height))
    step = 64
    for top in range(0, height, step):
        band = image.crop((0, top * times, image.width, min(image.height, (top + step) * times)))
        reduced.paste(band.convert("RGB").reduce(times), (0, top))
    return reduced
