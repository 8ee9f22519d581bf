"""Drawn pictures of five kinds, what is done to them on their way through the web, and second photographs of one scene."""

from __future__ import annotations

import io
from collections.abc import Callable

import numpy as np
from PIL import Image, ImageDraw, ImageEnhance, ImageFilter, ImageFont

SIZE = (640, 480)
KINDS = ("things", "soil", "page", "wall", "cell")


def scene(seed: int, *, kind: str = "", looked_at: int = 0) -> Image.Image:
    """A drawn picture; ``looked_at`` > 0 photographs the same scene again: from beside, later, with other noise."""
    rng = np.random.default_rng(seed)
    kind = kind or KINDS[seed % len(KINDS)]
    big = {"things": _things, "soil": _soil, "page": _page, "wall": _wall, "cell": _cell}[kind](rng)
    again = np.random.default_rng((seed, looked_at))
    if looked_at:
        draw = ImageDraw.Draw(big)
        for _ in range(3):
            # A shadow and things that were moved meanwhile.
            x, y = again.uniform(100, 600), again.uniform(80, 420)
            draw.ellipse((x, y, x + again.uniform(30, 90), y + again.uniform(30, 90)), fill=_colour(again))
        ways = again.uniform(-28, 28, 8)
        big = big.transform(
            big.size,
            Image.Transform.QUAD,
            (
                20 + ways[0], 20 + ways[1], 20 + ways[2], 540 + ways[3],
                740 + ways[4], 540 + ways[5], 740 + ways[6], 20 + ways[7],
            ),
            Image.Resampling.BICUBIC,
        )  # fmt: skip
        light = np.linspace(again.uniform(0.6, 1.0), again.uniform(0.8, 1.2), big.width)[None, :, None]
        big = Image.fromarray(np.clip(np.asarray(big, float) * light, 0, 255).astype(np.uint8))
    seen = np.asarray(big.resize(SIZE, Image.Resampling.LANCZOS), float)
    return Image.fromarray(np.clip(seen + again.normal(0, 4, seen.shape), 0, 255).astype(np.uint8))


def recompressed(image: Image.Image, quality: int = 35) -> Image.Image:
    """Through JPEG and back."""
    file = io.BytesIO()
    image.save(file, "JPEG", quality=quality)
    return Image.open(file).convert("RGB")


def cropped(image: Image.Image, share: float, rng: np.random.Generator) -> Image.Image:
    """Without a share of its width and of its height, from anywhere."""
    width, height = image.size
    left, top = (int(rng.uniform(0, share * side)) for side in image.size)
    return image.crop((left, top, left + int(width * (1 - share)), top + int(height * (1 - share))))


def letterboxed(image: Image.Image, rng: np.random.Generator) -> Image.Image:
    """With black bars above and below, or at the sides."""
    width, height = image.size
    bar = int(rng.uniform(0.1, 0.2) * height)
    upright = rng.random() < 0.5
    result = Image.new("RGB", (width + (0 if upright else 2 * bar), height + (2 * bar if upright else 0)), (8, 8, 8))
    result.paste(image, (0, bar) if upright else (bar, 0))
    return result


def watermarked(image: Image.Image, rng: np.random.Generator) -> Image.Image:
    """With words across it and a label in a corner."""
    over = Image.new("RGBA", image.size, (0, 0, 0, 0))
    draw = ImageDraw.Draw(over)
    at = (image.width * rng.uniform(0.05, 0.25), image.height * rng.uniform(0.3, 0.6))
    draw.text(at, "EXAMPLE PRESS", font=ImageFont.load_default(size=image.width // 10), fill=(255, 255, 255, 150))
    draw.rectangle((10, image.height - 40, 190, image.height - 10), fill=(200, 20, 20, 255))
    return Image.alpha_composite(image.convert("RGBA"), over).convert("RGB")


#: What is done to a picture, by the words that should be said of it.
CHANGES: dict[str, Callable[[Image.Image, np.random.Generator], Image.Image]] = {
    "recompress": lambda image, rng: recompressed(image, int(rng.integers(25, 60))),
    "resize": lambda image, rng: recompressed(image.resize((320, 240), Image.Resampling.BILINEAR), 80),
    "stretch": lambda image, rng: recompressed(image.resize((500, 480), Image.Resampling.BICUBIC), 80),
    "crop 10 %": lambda image, rng: recompressed(cropped(image, 0.10, rng), 75),
    "crop 25 %": lambda image, rng: recompressed(cropped(image, 0.25, rng), 75),
    "mirror": lambda image, rng: recompressed(image.transpose(Image.Transpose.FLIP_LEFT_RIGHT), 75),
    "rotate 90": lambda image, rng: recompressed(image.transpose(Image.Transpose.ROTATE_90), 75),
    "letterbox": lambda image, rng: recompressed(letterboxed(image, rng), 75),
    "watermark": lambda image, rng: recompressed(watermarked(image, rng), 75),
    "mirror and crop 25 %": lambda image, rng: recompressed(
        cropped(image.transpose(Image.Transpose.FLIP_LEFT_RIGHT), 0.25, rng).resize((400, 300)), 60
    ),
    "darker and grey": lambda image, rng: recompressed(
        ImageEnhance.Brightness(image.convert("L").convert("RGB")).enhance(0.6), 60
    ),
}


def _colour(rng: np.random.Generator) -> tuple[int, int, int]:
    red, green, blue = rng.integers(0, 256, 3).tolist()
    return red, green, blue


def _noise(rng: np.random.Generator, sizes: tuple[int, ...]) -> np.ndarray:
    total = np.zeros((560, 760))
    for size in sizes:
        small = Image.fromarray(rng.normal(0, 1, (560 // size + 2, 760 // size + 2)).astype(np.float32))
        total += np.asarray(small.resize((760, 560), Image.Resampling.BICUBIC)) * size**0.7
    return total / np.abs(total).max()


def _things(rng: np.random.Generator) -> Image.Image:
    low, high = np.array(_colour(rng)) * 0.6, np.array(_colour(rng))
    ramp = np.linspace(0, 1, 760)[None, :, None] * np.ones((560, 1, 1))
    image = Image.fromarray((low + (high - low) * ramp).astype(np.uint8))
    draw = ImageDraw.Draw(image)
    for _ in range(int(rng.integers(8, 22))):
        x, y, w, h = rng.uniform(0, 700), rng.uniform(0, 500), rng.uniform(25, 190), rng.uniform(25, 190)
        shape = (draw.ellipse, draw.rectangle)[int(rng.integers(2))]
        shape((x, y, x + w, y + h), fill=_colour(rng))
    return image


def _soil(rng: np.random.Generator) -> Image.Image:
    grey = _noise(rng, (4, 9, 23, 61, 140))
    colour = rng.uniform(0.6, 1.0, 3)
    return Image.fromarray(np.clip((120 + 110 * grey)[:, :, None] * colour, 0, 255).astype(np.uint8))


def _page(rng: np.random.Generator) -> Image.Image:
    image = Image.new("RGB", (760, 560), (232, 226, 210))
    draw = ImageDraw.Draw(image)
    font = ImageFont.load_default(size=int(rng.integers(18, 30)))
    for line in range(16):
        words = " ".join("".join(rng.choice(list("abcdeghiklmnoprstuv"), rng.integers(2, 9))) for _ in range(9))
        draw.text((rng.uniform(30, 60), 30 + 33 * line), words, font=font, fill=(40, 40, 60))
    return image


def _wall(rng: np.random.Generator) -> Image.Image:
    """Bricks: the same joints in every wall, other stains."""
    image = Image.fromarray(
        np.clip(130 + 60 * _noise(rng, (5, 40, 120))[:, :, None] * np.ones(3), 0, 255).astype(np.uint8)
    )
    draw = ImageDraw.Draw(image)
    for row in range(15):
        for column in range(-1, 11):
            x, y = column * 76 + (38 if row % 2 else 0), row * 38
            tint = int(rng.integers(-25, 25))
            draw.rectangle((x, y, x + 72, y + 34), fill=(150 + tint, 78 + tint // 2, 60 + tint // 2))
    stains = 1 + 0.45 * _noise(rng, (6, 30, 100))[:, :, None]
    return Image.fromarray(np.clip(np.asarray(image, float) * stains, 0, 255).astype(np.uint8))


def _cell(rng: np.random.Generator) -> Image.Image:
    """A room: the same walls, window and door in every one; other things in it."""
    image = Image.new("RGB", (760, 560), (150, 148, 138))
    draw = ImageDraw.Draw(image)
    draw.polygon([(0, 560), (190, 380), (570, 380), (760, 560)], fill=(96, 88, 80))
    draw.polygon([(0, 0), (190, 110), (570, 110), (760, 0)], fill=(190, 190, 184))
    draw.rectangle((300, 150, 440, 250), fill=(226, 234, 240))
    for bar in range(300, 441, 20):
        draw.line((bar, 150, bar, 250), fill=(30, 30, 30), width=4)
    draw.rectangle((596, 160, 700, 470), fill=(70, 76, 66))
    for _ in range(int(rng.integers(9, 16))):
        x, y = rng.uniform(20, 700), rng.uniform(260, 520)
        draw.rectangle((x, y, x + rng.uniform(15, 110), y + rng.uniform(10, 60)), fill=_colour(rng))
    return image.filter(ImageFilter.GaussianBlur(0.7))
