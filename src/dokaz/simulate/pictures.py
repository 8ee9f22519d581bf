"""Drawn photographs: soil, a closed bag, a scale bar, a north arrow, a number board; nothing that would hurt to look at."""

from __future__ import annotations

import io
from datetime import UTC, datetime, timedelta

import numpy as np
from PIL import ExifTags, Image, ImageDraw, ImageFilter, ImageFont
from PIL.TiffImagePlugin import IFDRational

from dokaz.simulate.truth import TrueGrave, Unit

SIZE, OVERVIEW_SIZE = (800, 600), (3600, 2400)
CAMERAS = (("Olivka", "FX-2"), ("Olivka", "TG-4"), ("Fonar", "One"))
_SOILS = ((112, 92, 68), (128, 108, 80), (98, 84, 66), (140, 122, 92))
_BAGS = ((52, 58, 60), (66, 72, 62), (58, 60, 70))
_PIXELS_PER_METRE = 230


class Photographer:
    """Draws every picture of one investigation from a few tiles of soil, so that hundreds take seconds."""

    def __init__(self, rng: np.random.Generator) -> None:
        self._rng = rng
        self._soils = [_soil(SIZE, colour, rng) for colour in _SOILS]
        self._small = ImageFont.load_default(size=20)
        self._large = ImageFont.load_default(size=34)

    def unit(self, unit: Unit, taken_at: datetime) -> bytes:
        """A picture of one recovery unit in place, with its number board."""
        image = self._background()
        draw = ImageDraw.Draw(image)
        angle = float(self._rng.uniform(0, 360))
        if unit.kind == "A":
            self._marker(draw)
        else:
            metres = {"B": (1.75, 0.55), "BP": (0.8, 0.3), "GB": (0.45, 0.16)}[unit.kind]
            self._bag(image, metres, angle)
        _scale_bar(draw, (40, SIZE[1] - 46), _PIXELS_PER_METRE, self._small)
        _north(draw, (SIZE[0] - 60, 70), float(self._rng.uniform(-0.6, 0.6)), self._small)
        self._board(draw, unit.number, (30, 26), self._large)
        return _jpeg(image, 64, self.exif(taken_at, unit.latitude, unit.longitude, unit.points[0].elevation_m))

    def overview(self, grave: TrueGrave, taken_at: datetime) -> bytes:
        """A large picture of a grave from above, with every unit where it was surveyed."""
        image = self._background().resize(OVERVIEW_SIZE, Image.Resampling.BICUBIC)
        draw = ImageDraw.Draw(image)
        easts, norths = [p.easting for p in grave.outline], [p.northing for p in grave.outline]
        scale = min(
            (OVERVIEW_SIZE[0] - 600) / (max(easts) - min(easts)), (OVERVIEW_SIZE[1] - 700) / (max(norths) - min(norths))
        )

        def at(east: float, north: float) -> tuple[float, float]:
            return 300 + (east - min(easts)) * scale, OVERVIEW_SIZE[1] - 350 - (north - min(norths)) * scale

        draw.polygon(
            [at(p.easting, p.northing) for p in grave.outline], fill=(74, 60, 46), outline=(46, 38, 30), width=9
        )
        for unit in grave.units:
            ends = [p for p in unit.points if p.role in {"head", "feet"}]
            x, y = at(unit.points[0].easting, unit.points[0].northing)
            if len(ends) == 2:
                line = [at(p.easting, p.northing) for p in ends]
                width = max(8, round(0.36 * scale))
                draw.line(line, fill=_BAGS[0], width=width)
                for cx, cy in line:
                    draw.ellipse((cx - width / 2, cy - width / 2, cx + width / 2, cy + width / 2), fill=_BAGS[0])
            else:
                r = max(6.0, 0.12 * scale)
                fill = (214, 178, 40) if unit.kind == "A" else _BAGS[1]
                draw.ellipse((x - r, y - r, x + r, y + r), fill=fill, outline=(30, 30, 30), width=3)
            draw.text((x, y), unit.number.split("-")[2], font=self._small, fill=(244, 240, 228), anchor="mm")
        _scale_bar(draw, (80, OVERVIEW_SIZE[1] - 110), scale, self._large, metres=2.0)
        _north(draw, (OVERVIEW_SIZE[0] - 160, 190), 0.0, self._large, size=90)
        self._board(draw, f"{grave.site}-{grave.code}", (80, 60), ImageFont.load_default(size=96))
        return _jpeg(image, 78, self.exif(taken_at, grave.units[0].latitude, grave.units[0].longitude, 130.0))

    def exif(self, taken_at: datetime, latitude: float, longitude: float, elevation_m: float) -> bytes:
        """EXIF as a camera with a satellite receiver writes it; the place is a few metres off, as theirs are."""
        rng = self._rng
        exif = Image.Exif()
        exif[ExifTags.Base.Make], exif[ExifTags.Base.Model] = CAMERAS[int(rng.integers(len(CAMERAS)))]
        exif[ExifTags.Base.Orientation] = 1
        detail = exif.get_ifd(ExifTags.IFD.Exif)
        detail[ExifTags.Base.DateTimeOriginal] = taken_at.strftime("%Y:%m:%d %H:%M:%S")
        offset = taken_at.strftime("%z")
        detail[ExifTags.Base.OffsetTimeOriginal] = f"{offset[:3]}:{offset[3:]}"
        north, east = (float(v) for v in rng.normal(0, 2.0, size=2))
        satellites = taken_at.astimezone(UTC)
        gps = exif.get_ifd(ExifTags.IFD.GPSInfo)
        gps[ExifTags.GPS.GPSLatitudeRef], gps[ExifTags.GPS.GPSLongitudeRef] = "N", "E"
        gps[ExifTags.GPS.GPSLatitude] = _sexagesimal(latitude + north / 111_200)
        gps[ExifTags.GPS.GPSLongitude] = _sexagesimal(longitude + east / 72_000)
        gps[ExifTags.GPS.GPSAltitudeRef] = b"\0"
        gps[ExifTags.GPS.GPSAltitude] = IFDRational(round(elevation_m * 10), 10)
        gps[ExifTags.GPS.GPSTimeStamp] = tuple(
            IFDRational(part, 1) for part in (satellites.hour, satellites.minute, satellites.second)
        )
        gps[ExifTags.GPS.GPSDateStamp] = satellites.strftime("%Y:%m:%d")
        return exif.tobytes()

    def _background(self) -> Image.Image:
        soil = self._soils[int(self._rng.integers(len(self._soils)))]
        turned = soil if self._rng.random() < 0.5 else soil.transpose(Image.Transpose.ROTATE_180)
        return turned.copy() if turned is soil else turned

    def _bag(self, image: Image.Image, metres: tuple[float, float], angle: float) -> None:
        """A closed bag: a rounded shape with a seam, turned, with a shadow."""
        length, width = (round(m * _PIXELS_PER_METRE) for m in metres)
        layer = Image.new("L", (length + 20, width + 20), 0)
        ImageDraw.Draw(layer).rounded_rectangle((10, 10, length + 10, width + 10), radius=width // 2, fill=255)
        seam = Image.new("L", layer.size, 0)
        ImageDraw.Draw(seam).line(
            (width // 2, width // 2 + 10, length - width // 3, width // 2 + 10), fill=160, width=3
        )
        layer, seam = (mask.rotate(angle, expand=True, resample=Image.Resampling.BILINEAR) for mask in (layer, seam))
        x, y = (SIZE[0] - layer.width) // 2, (SIZE[1] - layer.height) // 2 + 20
        shadow = layer.point([v * 2 // 5 for v in range(256)])
        colour = _BAGS[int(self._rng.integers(len(_BAGS)))]
        image.paste((20, 16, 12), (x + 10, y + 12), shadow)
        image.paste(colour, (x, y), layer)
        image.paste((150, 150, 146), (x, y), seam)

    def _marker(self, draw: ImageDraw.ImageDraw) -> None:
        x, y = (float(v) for v in self._rng.uniform((300, 240), (500, 380)))
        draw.polygon([(x, y - 60), (x - 44, y + 30), (x + 44, y + 30)], fill=(222, 186, 40), outline=(60, 50, 10))
        draw.text((x, y), "A", font=self._large, fill=(20, 20, 20), anchor="mm")
        draw.ellipse((x + 70, y - 6, x + 104, y + 20), fill=(176, 166, 130), outline=(70, 60, 40), width=2)

    def _board(
        self,
        draw: ImageDraw.ImageDraw,
        text: str,
        at: tuple[int, int],
        font: ImageFont.FreeTypeFont | ImageFont.ImageFont,
    ) -> None:
        left, top, right, bottom = draw.textbbox(at, text, font=font)
        pad = (bottom - top) // 2
        draw.rectangle(
            (left - pad, top - pad, right + pad, bottom + pad), fill=(242, 241, 236), outline=(20, 20, 20), width=3
        )
        draw.text(at, text, font=font, fill=(16, 16, 16))


def _soil(size: tuple[int, int], colour: tuple[int, int, int], rng: np.random.Generator) -> Image.Image:
    """Soil: clods of several sizes, and little fine grain, which would only cost bytes."""
    height = np.zeros((size[1], size[0]), dtype=np.float32)
    for cells, weight in ((8, 16.0), (30, 12.0), (110, 9.0)):
        coarse = rng.normal(0, 1, size=(cells * size[1] // size[0] + 1, cells)).astype(np.float32)
        layer = Image.fromarray(coarse).resize(size, Image.Resampling.BICUBIC)
        height += np.asarray(layer) * weight
    pixels = np.clip(np.array(colour, dtype=np.float32) + height[:, :, None], 0, 255).astype(np.uint8)
    return Image.fromarray(pixels).filter(ImageFilter.GaussianBlur(0.8))


def _scale_bar(
    draw: ImageDraw.ImageDraw,
    at: tuple[int, int],
    pixels_per_metre: float,
    font: ImageFont.FreeTypeFont | ImageFont.ImageFont,
    *,
    metres: float = 0.5,
) -> None:
    x, y = at
    piece = pixels_per_metre * metres / 5
    for index in range(5):
        box = (x + index * piece, y, x + (index + 1) * piece, y + 14)
        draw.rectangle(box, fill=(16, 16, 16) if index % 2 == 0 else (244, 244, 240), outline=(16, 16, 16))
    draw.text((x + 5 * piece + 10, y + 7), f"{metres:g} m", font=font, fill=(246, 246, 240), anchor="lm")


def _north(
    draw: ImageDraw.ImageDraw,
    at: tuple[int, int],
    turn: float,
    font: ImageFont.FreeTypeFont | ImageFont.ImageFont,
    *,
    size: int = 34,
) -> None:
    x, y = at
    way = np.array([np.sin(turn), -np.cos(turn)])
    side = np.array([way[1], -way[0]])
    tip, left, right = way * size, -way * size * 0.6 + side * size * 0.4, -way * size * 0.6 - side * size * 0.4
    draw.polygon(
        [(x + float(p[0]), y + float(p[1])) for p in (tip, left, right)], fill=(240, 240, 236), outline=(16, 16, 16)
    )
    draw.text((x, y + size * 1.3), "N", font=font, fill=(246, 246, 240), anchor="mm")


def _jpeg(image: Image.Image, quality: int, exif: bytes) -> bytes:
    out = io.BytesIO()
    image.save(out, "JPEG", quality=quality, exif=exif)
    return out.getvalue()


def without_exif(jpeg: bytes, *, kind: str = "JPEG") -> bytes:
    """The same picture as a messenger passes it on: decoded, written again, and nothing said of time or place."""
    out = io.BytesIO()
    with Image.open(io.BytesIO(jpeg)) as image:
        image.resize((480, 360)).save(out, kind, **({"quality": 60} if kind == "JPEG" else {}))
    return out.getvalue()


def _sexagesimal(degrees: float) -> tuple[IFDRational, IFDRational, IFDRational]:
    thousandths = round(degrees * 3_600_000)
    minutes, rest = divmod(thousandths, 60_000)
    return IFDRational(minutes // 60, 1), IFDRational(minutes % 60, 1), IFDRational(rest, 1000)


def moment_of(unit: Unit, rng: np.random.Generator) -> datetime:
    """When a unit was photographed: between its survey and its lifting."""
    assert unit.surveyed_at is not None and unit.lifted_at is not None
    span = int((unit.lifted_at - unit.surveyed_at).total_seconds())
    return unit.surveyed_at + timedelta(seconds=int(rng.integers(20, max(40, span))))
