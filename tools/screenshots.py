"""Take the best pictures of the journeys into docs/images, cropped and with few colours, so that they stay small.

python tools/screenshots.py    after: DOKAZ_PICTURES=1 pytest tests/journeys
"""

from __future__ import annotations

import io
import sys
from pathlib import Path

from PIL import Image

ROOT = Path(__file__).resolve().parent.parent
TAKEN = ROOT / "tests" / "journeys" / "screenshots"
KEPT = ROOT / "docs" / "images"
LARGEST_BYTES = 250_000

# Name of the picture, the page that it is taken of, and how many pixels of it from the top.
PICTURES = (
    ("overview", "overview", 900),
    ("grave", "grave", 1000),
    ("unit", "unit", 1180),
    ("missing-person", "missing_person", 1180),
    ("comparison", "comparison", 1500),
    ("decision", "decision", 1180),
    ("entry-what-if", "entry_what_if", 1180),
    ("delivery-refused", "delivery_new-refused", 900),
)


def small(picture: Image.Image) -> bytes:
    """As PNG with the most colours that stay within the limit."""
    for colours in (256, 128, 64, 32, 16):
        out = io.BytesIO()
        picture.quantize(colours, method=Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE).save(
            out, "PNG", optimize=True
        )
        if out.tell() <= LARGEST_BYTES:
            break
    return out.getvalue()


def main() -> int:
    absent = [page for _, page, _ in PICTURES if not (TAKEN / f"{page}.png").is_file()]
    if absent:
        print(f"no picture of {', '.join(absent)}; run: pytest tests/journeys", file=sys.stderr)
        return 1
    KEPT.mkdir(parents=True, exist_ok=True)
    for name, page, height in PICTURES:
        with Image.open(TAKEN / f"{page}.png") as taken:
            picture = taken.convert("RGB").crop((0, 0, taken.width, min(taken.height, height)))
        data = small(picture)
        (KEPT / f"{name}.png").write_bytes(data)
        print(f"{name}.png  {len(data):,} bytes")
    return 0


if __name__ == "__main__":
    sys.exit(main())
