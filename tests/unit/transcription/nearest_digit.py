"""A recogniser that keeps the contract of Dokaz: digits by their nearest neighbour among digits drawn in a script font.

It is trained when it starts, on shifted and shaded drawings of ten digits, and reads regions that hold one character.
"""

from __future__ import annotations

import json
import sys

import numpy as np
from PIL import Image, ImageDraw, ImageFilter, ImageFont

SHAPE = (20, 28)


def features(grey: Image.Image) -> np.ndarray | None:
    """The ink of a picture, cut out and made one size; nothing if there is none."""
    pixels = np.asarray(grey, dtype=float)
    ink = pixels < np.median(pixels) - 70
    if ink.sum() < 8:
        return None
    rows, columns = np.flatnonzero(ink.any(axis=1)), np.flatnonzero(ink.any(axis=0))
    cut = Image.fromarray((ink * 255).astype(np.uint8)).crop((columns[0], rows[0], columns[-1] + 1, rows[-1] + 1))
    height = len(rows) / 40  # a small digit and a tall one differ in more than form
    vector = np.asarray(cut.resize(SHAPE, Image.Resampling.BILINEAR), dtype=float).ravel() / 255
    return np.concatenate([vector, [3 * height, 3 * len(columns) / 40]])


def trained(font_file: str) -> tuple[np.ndarray, list[str]]:
    vectors, names = [], []
    for size in (34, 36, 38):
        font = ImageFont.truetype(font_file, size)
        for digit in "0123456789":
            for blur in (0.6, 1.1, 1.5):
                image = Image.new("L", (80, 90), 230)
                ImageDraw.Draw(image).text((20, 60), digit, font=font, fill=30, anchor="ls")
                vectors.append(features(image.filter(ImageFilter.GaussianBlur(blur))))
                names.append(digit)
    return np.array(vectors), names


def main(font_file: str, image_file: str, regions_file: str, answer_file: str) -> None:
    vectors, names = trained(font_file)
    page = Image.open(image_file)
    proposals = []
    with open(regions_file, encoding="utf-8") as asked:
        regions = json.load(asked)["regions"]
    for region in regions:
        xs, ys = [x for x, _ in region["points"]], [y for _, y in region["points"]]
        slope = abs(region["points"][1][1] - region["points"][0][1])
        # Ruling is cut off by a margin; a digit is near the left end of its cell.
        cut = page.crop((min(xs) + 10, min(ys) + 4 + slope, min(xs) + 60, max(ys) - 4))
        vector = features(cut)
        if vector is None:
            continue
        distances = np.linalg.norm(vectors - vector, axis=1)
        best = int(distances.argmin())
        proposals.append({"id": region["id"], "text": names[best], "confidence": float(np.exp(-distances[best] / 8))})
    with open(answer_file, "w", encoding="utf-8") as answer:
        json.dump({"engine": "nearest digit 1", "proposals": proposals}, answer)


if __name__ == "__main__":
    main(*sys.argv[1:])
