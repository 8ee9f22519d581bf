"""Photographs: JPEG and PNG, decoded to the last byte, and what they say of time, place and camera.

EXIF is a claim by whoever held the camera, or edited the file since: it is read and shown, never trusted as the time
of the act. A photograph without it is taken, and says so in ``problems``.
"""

from __future__ import annotations

import hashlib
import io
import math
import re
import warnings
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from PIL import ExifTags, Image, UnidentifiedImageError

from dokaz.errors import BadFile, UnreadDate, sentence
from dokaz.exchange.reading.dates import read_zone
from dokaz.exchange.reading.limits import PHOTOGRAPH_PIXELS
from dokaz.exchange.reading.remarks import Remark, remark

# Its own limit is below that of today's cameras.
Image.MAX_IMAGE_PIXELS = PHOTOGRAPH_PIXELS
_FORMATS = {"JPEG": "JPEG", "MPO": "JPEG", "PNG": "PNG"}
_CLOCK = re.compile(r"([0-9]{4}):([0-9]{2}):([0-9]{2}) ([0-9]{2}):([0-9]{2}):([0-9]{2})")
_IFD1_LENGTH = 0x0202
_GPS_DISAGREES = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class PhotographPosition:
    """Where a photograph says it was taken, WGS84 degrees; ``elevation_m`` above the sea, if said."""

    latitude: float
    longitude: float
    elevation_m: float | None


@dataclass(frozen=True, slots=True)
class SaidByCamera:
    """What a camera wrote beside a picture; the fields are those of ``ReadPhotograph``."""

    clock: str
    taken_at: datetime | None
    position: PhotographPosition | None
    camera: str
    thumbnail_bytes: int
    problems: tuple[Remark, ...]


@dataclass(frozen=True, slots=True)
class ReadPhotograph:
    """A photograph that decodes whole.

    ``taken_at`` is set only if the zone is known; ``clock`` is what the camera's clock showed, as written.
    ``thumbnail_bytes`` is the size of a small copy within the file, which a redaction of the large one leaves as it was
    (0: none).
    ``problems`` are what a person should know of the file (see ``remarks``).
    """

    file: str
    sha256: str
    bytes: int
    format: str
    width: int
    height: int
    taken_at: datetime | None
    clock: str
    position: PhotographPosition | None
    camera: str
    thumbnail_bytes: int
    problems: tuple[Remark, ...]


def read_photograph(data: bytes, *, file: str) -> ReadPhotograph:
    """Read a photograph, decoding all of it.

    Args:       data: the whole file.
                file: its name, for errors.
    Raises:     BadFile: empty, not a JPEG or PNG, cut off or damaged, or of more than 200 million pixels.
                MemoryError: the machine has no room to decode it; nothing is said about the picture.
    """
    image, kind = _decoded(data, file)
    said = read_exif(image)
    after = _bytes_after_end(data) if kind == "JPEG" else 0
    return ReadPhotograph(
        file=file,
        sha256=hashlib.sha256(data).hexdigest(),
        bytes=len(data),
        format=kind,
        width=image.width,
        height=image.height,
        taken_at=said.taken_at,
        clock=said.clock,
        position=said.position,
        camera=said.camera,
        thumbnail_bytes=said.thumbnail_bytes,
        problems=(*said.problems, *([remark("bytes_after_end", count=after)] if after else ())),
    )


def read_exif(image: Image.Image) -> SaidByCamera:
    """What a picture says of time, place and camera; nothing where its EXIF cannot be read.

    Raises:     MemoryError: the machine has no room for it.
    """
    problems: list[Remark] = []
    try:
        with warnings.catch_warnings(record=True) as complaints:
            warnings.simplefilter("always")
            exif = image.getexif()
            main, detail = dict(exif), dict(exif.get_ifd(ExifTags.IFD.Exif))
            gps, small = dict(exif.get_ifd(ExifTags.IFD.GPSInfo)), dict(exif.get_ifd(ExifTags.IFD.IFD1))
        problems += [remark("exif_damaged", complaint=str(each.message)) for each in complaints[:1]]
    except MemoryError:
        raise
    except Exception as error:  # noqa: BLE001 - its EXIF parser raises whatever it stumbles on; the picture stands
        _raise_if_of_memory(error)
        problems.append(remark("exif_unreadable", error=type(error).__name__))
        main, detail, gps, small = {}, {}, {}, {}
    if not (main or detail or gps) and not problems:
        problems.append(remark("no_exif"))
    clock, taken_at = _time(detail, main, problems)
    position = _position(gps, problems)
    if taken_at and (satellite := _gps_time(gps)) and abs(satellite - taken_at) > _GPS_DISAGREES:
        problems.append(remark("clocks_differ", difference=str(abs(satellite - taken_at))))
    thumbnail = _integer(small.get(_IFD1_LENGTH))
    if thumbnail:
        problems.append(remark("small_copy"))
    camera = " ".join(filter(None, (_text(main.get(tag)) for tag in (ExifTags.Base.Make, ExifTags.Base.Model))))
    return SaidByCamera(clock, taken_at, position, camera, thumbnail, tuple(problems))


def _decoded(data: bytes, file: str) -> tuple[Image.Image, str]:
    again = sentence("copy it again from the camera's card")
    if not data:
        raise BadFile(sentence("the file is empty"), file=file, next_step=again)
    try:
        with warnings.catch_warnings():
            # It warns beyond the limit, and refuses twice as much; ours is checked below, before anything is decoded.
            warnings.simplefilter("ignore")
            image = Image.open(io.BytesIO(data), formats=("JPEG", "PNG"))
    except Image.DecompressionBombError as error:
        raise BadFile(
            sentence("the picture has more than {most:,} pixels", most=2 * PHOTOGRAPH_PIXELS),
            file=file,
            next_step=sentence("export it at a usual size"),
        ) from error
    except UnidentifiedImageError as error:
        raise BadFile(
            sentence("not a JPEG or PNG"), file=file, value=data[:8].hex(" "), next_step=sentence("export it as JPEG")
        ) from error
    except Exception as error:
        _raise_if_of_memory(error)
        raise BadFile(sentence("the picture is damaged ({error})", error=error), file=file, next_step=again) from error
    if image.width * image.height > PHOTOGRAPH_PIXELS:
        raise BadFile(
            sentence(
                "the picture has {width} × {height} pixels; at most {most:,} are read",
                width=image.width,
                height=image.height,
                most=PHOTOGRAPH_PIXELS,
            ),
            file=file,
            next_step=sentence("export it at a usual size"),
        )
    kind = _FORMATS[image.format or ""]
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            image.load()
    except MemoryError:
        raise  # nothing is wrong with the picture: it is larger than this process
    except Exception as error:
        _raise_if_of_memory(error)
        truncated = "truncated" in str(error).lower() or isinstance(error, EOFError)
        what = sentence("the picture is cut off") if truncated else sentence("the picture is damaged")
        raise BadFile(
            sentence("{what} ({error})", what=what, error=error),
            file=file,
            value=f"{len(data):,} bytes",
            next_step=again,
        ) from error
    return image, kind


def _raise_if_of_memory(error: Exception) -> None:
    """A machine without memory says nothing about the picture; decoders in C say so in an OSError."""
    if isinstance(error, MemoryError) or (isinstance(error, OSError) and "out of memory" in str(error)):
        raise MemoryError from error


def _time(detail: dict[int, object], main: dict[int, object], problems: list[Remark]) -> tuple[str, datetime | None]:
    clock = _text(detail.get(ExifTags.Base.DateTimeOriginal))
    if not clock:
        if detail or main:
            problems.append(remark("no_time"))
        return "", None
    match = _CLOCK.fullmatch(clock)
    try:
        local = datetime(*(int(part) for part in match.groups())) if match else None  # type: ignore[arg-type]
    except ValueError:
        local = None
    if local is None:
        problems.append(remark("bad_time", clock=clock))
        return clock, None
    offset = _text(detail.get(ExifTags.Base.OffsetTimeOriginal))
    if not offset:
        problems.append(remark("no_zone"))
        return clock, None
    try:
        return clock, local.replace(tzinfo=read_zone(offset))
    except UnreadDate:
        problems.append(remark("bad_zone", offset=offset))
        return clock, None


def _position(gps: dict[int, object], problems: list[Remark]) -> PhotographPosition | None:
    latitude = _degrees(gps.get(ExifTags.GPS.GPSLatitude), gps.get(ExifTags.GPS.GPSLatitudeRef), "NS", 90)
    longitude = _degrees(gps.get(ExifTags.GPS.GPSLongitude), gps.get(ExifTags.GPS.GPSLongitudeRef), "EW", 180)
    if latitude is None or longitude is None:
        if gps:
            problems.append(remark("bad_place"))
        return None
    if latitude == 0 and longitude == 0:
        problems.append(remark("place_zero"))
        return None
    height = _number(gps.get(ExifTags.GPS.GPSAltitude))
    below = gps.get(ExifTags.GPS.GPSAltitudeRef) in (1, b"\x01")
    return PhotographPosition(latitude, longitude, None if height is None else -height if below else height)


def _degrees(value: object, direction: object, letters: str, most: float) -> float | None:
    letter = _text(direction).upper()
    if not (isinstance(value, tuple) and len(value) == 3 and letter and letter in letters):
        return None
    parts = [_number(part) for part in value]
    if any(part is None or part < 0 for part in parts):
        return None
    degrees, minutes, seconds = (part or 0.0 for part in parts)
    result = degrees + minutes / 60 + seconds / 3600
    return None if result > most else round(-result if letter == letters[1] else result, 9)


def _gps_time(gps: dict[int, object]) -> datetime | None:
    day = re.fullmatch(r"([0-9]{4}):([0-9]{2}):([0-9]{2})", _text(gps.get(ExifTags.GPS.GPSDateStamp)))
    clock = gps.get(ExifTags.GPS.GPSTimeStamp)
    parts = [_number(part) for part in clock] if isinstance(clock, tuple) and len(clock) == 3 else [None]
    if not day or any(part is None for part in parts):
        return None
    try:
        year, month, date = (int(part) for part in day.groups())
        hour, minute, second = (int(part or 0) for part in parts)
        return datetime(year, month, date, hour, minute, second, tzinfo=UTC)
    except ValueError:
        return None


def _bytes_after_end(data: bytes) -> int:
    """How many bytes follow the last end-of-image marker; several pictures in one file end in one marker each."""
    end = data.rfind(b"\xff\xd9")
    return 0 if end < 0 else len(data[end + 2 :].strip(b"\0"))


def _number(value: object) -> float | None:
    try:
        number = float(value)  # type: ignore[arg-type]
    except (TypeError, ValueError, ZeroDivisionError):
        return None
    return number if math.isfinite(number) else None


def _integer(value: object) -> int:
    return value if isinstance(value, int) else 0


def _text(value: object) -> str:
    if isinstance(value, bytes):
        value = value.decode("latin-1")
    return value.replace("\0", "").strip() if isinstance(value, str) else ""
