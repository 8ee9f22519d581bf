"""Small copies of pictures: derived, kept in the store's cache, and carrying nothing over but the picture.

A camera's file holds place, time, owner and often a small copy of itself; none of it is in the thumbnail. The cache can be
deleted at any time.
"""

from __future__ import annotations

import io
from pathlib import Path

from django.http import FileResponse, Http404, HttpResponse
from django.http.response import HttpResponseBase
from PIL import ExifTags, Image, ImageOps

from dokaz.casework.apart import apart
from dokaz.casework.store import Store, current_store
from dokaz.errors import BadFile, ReadersBusy, TrustError, sentence
from dokaz.exchange.reading.attached_files import opened_to_show
from dokaz.exchange.reading.limits import OF_A_PICTURE
from dokaz.ledger.durable import make_directory, write_whole
from dokaz.pages.refusals import in_words

SIDE_PX = 520


def thumbnail(sha256: str, file_name: str, store: Store, side_px: int = SIDE_PX) -> Path:
    """The small copy of a picture, made now, in a process of its own, if it was not made before.

    Args:
        side_px: Its longer side at most.

    Raises:
        FileMissing: the vault does not hold the picture.
        BadFile: it is too large to be made small here, or its decoder crashed.
        ReadersBusy: too many others are being made.
    """
    name = store.vault.place(sha256).name
    path = store.path / "cache" / "thumbnails" / name[:2] / f"{name}-{side_px}.jpg"
    hopeless = path.with_suffix(".refused")
    if hopeless.is_file():
        raise _hopeless(file_name)
    if not path.is_file():
        with store.vault.open(sha256):
            pass
        original = store.vault.place(sha256)
        make_directory(path.parent)
        try:
            small = apart(_small, original, side_px, within=OF_A_PICTURE, turns=store.turns, file=file_name)
        except BadFile:
            # Or every reader of the list would have it tried again.
            write_whole(hopeless, b"")
            raise
        write_whole(path, small)
    return path


def _hopeless(file_name: str) -> BadFile:
    return BadFile(
        sentence("no small copy could be made of it"),
        file=file_name,
        next_step=sentence("open the photograph itself; to try again, empty cache/thumbnails in the store"),
    )


def _small(original: Path, side_px: int) -> bytes:
    with original.open("rb") as file:
        try:
            image = opened_to_show(file)
        except (OSError, ValueError, Image.DecompressionBombError) as error:
            raise _hopeless(original.name) from error
        image.draft("RGB", (side_px * 2, side_px * 2))
        orientation = image.getexif().get(ExifTags.Base.Orientation)
        small = _reduced(image, side_px)
    # A new picture of the same dots: no EXIF, no colour profile, no comment, no second copy comes along.
    bare = Image.new("RGB", small.size)
    bare.paste(small)
    bare.getexif()[ExifTags.Base.Orientation] = orientation if orientation in range(1, 9) else 1
    upright = ImageOps.exif_transpose(bare)
    upright.thumbnail((side_px, side_px))
    out = io.BytesIO()
    upright.save(out, "JPEG", quality=80, exif=b"")
    return out.getvalue()


def _reduced(image: Image.Image, side_px: int) -> Image.Image:
    """The picture, averaged over squares until it is about twice as large as needed, never held a second time whole."""
    times = max(1, min(image.size) // (2 * side_px))
    if times == 1:
        return image.convert("RGB")
    width, height = -(-image.width // times), -(-image.height // times)
    reduced = Image.new("RGB", (width, height))
    step = 64
    for top in range(0, height, step):
        band = image.crop((0, top * times, image.width, min(image.height, (top + step) * times)))
        reduced.paste(band.convert("RGB").reduce(times), (0, top))
    return reduced


def small_copy(sha256: str, file_name: str, side_px: int = SIDE_PX) -> HttpResponseBase:
    """The answer that shows a small copy; a picture of which there is none reads like one that does not exist."""
    try:
        path = thumbnail(sha256, file_name, current_store(), side_px)
    except (TrustError, OSError) as missing:
        raise Http404 from missing
    except (BadFile, ReadersBusy) as refusal:
        status = 503 if isinstance(refusal, ReadersBusy) else 404
        return HttpResponse(in_words(refusal.what), status=status, content_type="text/plain; charset=utf-8")
    return FileResponse(path.open("rb"), content_type="image/jpeg")
