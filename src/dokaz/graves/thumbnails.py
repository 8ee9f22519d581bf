"""Small copies of photographs for lists: derived, kept in the store's cache, and carrying nothing over but the picture.

A camera's file holds place, time, owner and often a small copy of itself; none of it is in the thumbnail. The cache can be
deleted at any time.
"""

from __future__ import annotations

import io
from pathlib import Path

from PIL import Image, ImageOps

from dokaz.casework.store import Store
from dokaz.graves.models import Photograph
from dokaz.ledger.durable import make_directory, write_whole

SIDE_PX = 520


def thumbnail(photograph: Photograph, store: Store) -> Path:
    """The small copy of a photograph, made now if it was not made before.

    Raises:
        FileMissing: the vault does not hold the photograph.
    """
    name = store.vault.place(photograph.sha256).name
    path = store.path / "cache" / "thumbnails" / name[:2] / f"{name}-{SIDE_PX}.jpg"
    if not path.is_file():
        with store.vault.open(photograph.sha256) as file:
            small = _small(Image.open(file))
        make_directory(path.parent)
        write_whole(path, small)
    return path


def _small(image: Image.Image) -> bytes:
    image.draft("RGB", (SIDE_PX * 2, SIDE_PX * 2))
    upright = ImageOps.exif_transpose(image)
    upright.thumbnail((SIDE_PX, SIDE_PX))
    # A new picture of the same dots: no EXIF, no colour profile, no comment, no second copy comes along.
    bare = Image.new("RGB", upright.size)
    bare.paste(upright.convert("RGB"))
    out = io.BytesIO()
    bare.save(out, "JPEG", quality=80)
    return out.getvalue()
