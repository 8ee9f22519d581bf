"""Pictures to be held against others: decoded whole, the right way up, in shades of grey, with digests of both."""

from __future__ import annotations

import hashlib
import io
import warnings

import numpy as np
from PIL import Image, ImageOps, UnidentifiedImageError

from dokaz.errors import BadFile, Sentence, sentence
from dokaz.exchange.reading.limits import PHOTOGRAPH_PIXELS
from dokaz.imagery import Picture

# Pillow's own limit is below that of today's cameras.
Image.MAX_IMAGE_PIXELS = PHOTOGRAPH_PIXELS
FORMATS = ("JPEG", "PNG", "TIFF", "WEBP", "GIF", "BMP")
_LONGER_SIDE = 512
_ORIENTATION = 0x0112


def read_compared_picture(data: bytes, *, name: str) -> tuple[Picture, tuple[str, ...]]:
    """A picture as `dokaz.imagery` compares it, and what was done to read it.

    Transparent parts are read as white; of a file with several pictures the first is read.

    Raises:
        BadFile: empty, no picture of a kind that is read, cut off, damaged, or of more than 200 million pixels.
        MemoryError: the machine has no room to decode it; nothing is said about the picture.
    """
    if not data:
        raise _refused(sentence("the file is empty"), name)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            image = Image.open(io.BytesIO(data), formats=FORMATS)
            if image.width * image.height > PHOTOGRAPH_PIXELS:
                raise _too_large(name)
            notes = _notes(image)
            grey, shown = _grey(ImageOps.exif_transpose(image))
    except BadFile:
        raise
    except Image.DecompressionBombError:
        raise _too_large(name) from None
    except UnidentifiedImageError:
        raise _refused(sentence("not a picture of a kind that is read here"), name) from None
    except MemoryError:
        raise
    except Exception as error:
        # Decoders raise whatever they stumble on, and say "out of memory" in an OSError.
        if "out of memory" in str(error):
            raise MemoryError from error
        raise _refused(sentence("the picture is cut off or damaged ({error})", error=error), name) from error
    digest = _digest_of_pixels(shown)
    picture = Picture(name, hashlib.sha256(data).hexdigest(), digest, shown.width, shown.height, grey)
    return picture, notes


def _digest_of_pixels(image: Image.Image) -> str:
    digest = hashlib.sha256(f"{image.mode} {image.size}".encode())
    # In strips: a copy of a large picture would double what it takes.
    for top in range(0, image.height, 256):
        digest.update(image.crop((0, top, image.width, min(top + 256, image.height))).tobytes())
    return digest.hexdigest()


def _notes(image: Image.Image) -> tuple[str, ...]:
    notes = []
    if image.getexif().get(_ORIENTATION, 1) not in (0, 1):
        notes.append("turned the right way up, as its EXIF says")
    if getattr(image, "is_animated", False):
        notes.append("holds several pictures, of which the first was compared")
    return tuple(notes)


def _grey(image: Image.Image) -> tuple[np.ndarray[tuple[int, int], np.dtype[np.float32]], Image.Image]:
    """Shades of grey with the longer side at 512 or less, and the picture in the colours that are compared."""
    if image.mode in ("I;16", "I;16L", "I;16B", "I", "F"):
        values = np.asarray(image, np.float32)
        if image.mode != "F":
            values = np.asarray(values / 257, np.float32)
        image = shown = Image.fromarray(np.nan_to_num(values).clip(0, 255).astype(np.uint8))
    else:
        if "A" in image.getbands() or "transparency" in image.info:
            image = image.convert("RGBA")
            image = Image.alpha_composite(Image.new("RGBA", image.size, "white"), image)
        shown = image = image.convert("RGB")
    # Reduced by whole numbers first, which takes a tenth of the time, then to the point.
    image = image.copy()
    image.thumbnail((_LONGER_SIDE, _LONGER_SIDE), Image.Resampling.BILINEAR, reducing_gap=3.0)
    points = np.asarray(image, np.float32)
    grey = points if points.ndim == 2 else points @ np.array([0.299, 0.587, 0.114], np.float32)
    return grey, shown


def _too_large(name: str) -> BadFile:
    return _refused(sentence("the picture has more than {most:,} pixels", most=PHOTOGRAPH_PIXELS), name)


def _refused(problem: Sentence, name: str) -> BadFile:
    return BadFile(
        problem, file=name, next_step=sentence("open it in another program, and copy it again from where it came")
    )
