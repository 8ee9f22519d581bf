"""Which copies are found and what is taken for one: `python bench/imagery.py [--scenes N] [--pictures FOLDER] [--hashes
N]`.

Each scene is drawn once, changed in eleven ways, and photographed twice more from elsewhere. Printed: for each change
how many originals are found with their copy, beside what hashes within 31 bits alone find (plain PDQ, one way to lay
them); pairs of different scenes and of different photographs of one scene that are called copies; seconds; and the
time of one query among a million hashes. `--pictures` takes photographs from a folder instead of drawn scenes.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import sys
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
sys.path.insert(0, str(Path(__file__).parents[1] / "tests" / "unit" / "imagery"))

import numpy as np
from drawn_scenes import CHANGES, SIZE, scene
from PIL import Image

from dokaz.imagery import PdqHash, Picture, find_duplicates, pdq
from dokaz.imagery.hash_index import near
from dokaz.imagery.perceptual_hash import LEAST_QUALITY, NEAR_BITS


def picture(name: str, image: Image.Image) -> Picture:
    points = np.asarray(image.convert("RGB"))
    digest = hashlib.sha256(str(points.shape).encode() + points.tobytes()).hexdigest()
    small = image.convert("RGB")
    small.thumbnail((512, 512), Image.Resampling.BILINEAR)
    grey = np.asarray(small, np.float32) @ np.array([0.299, 0.587, 0.114], np.float32)
    return Picture(name, digest, digest, image.width, image.height, grey)


def photographs(folder: Path) -> Iterator[Image.Image]:
    for file in sorted(folder.rglob("*")):
        if file.suffix.lower() in (".jpg", ".jpeg", ".png", ".tif", ".tiff"):
            with Image.open(file) as opened:
                image = opened.convert("RGB")
            if min(image.size) >= 200:
                image.thumbnail((SIZE[0] * 2, SIZE[1] * 2))
                yield image


def drawn_and_changed(scenes: int, folder: Path | None, plain: dict[str, PdqHash]) -> Iterator[Picture]:
    """Every picture once; what plain PDQ says of it is kept on the way."""
    originals = photographs(folder) if folder else (scene(seed) for seed in range(scenes))
    for seed, image in enumerate(originals):
        made = {f"{seed:05d}/original": image}
        made |= {
            f"{seed:05d}/{name}": change(image, np.random.default_rng((seed, nth)))
            for nth, (name, change) in enumerate(CHANGES.items())
        }
        if folder is None:
            made |= {f"{seed:05d} from elsewhere/{again}": scene(seed, looked_at=again) for again in (1, 2)}
        for name, changed in made.items():
            one = picture(name, changed)
            plain[name] = pdq(one.luma)
            yield one


def copies(scenes: int, folder: Path | None) -> None:
    plain: dict[str, PdqHash] = {}
    start = time.process_time()
    pictures = list(drawn_and_changed(scenes, folder, plain))
    drawn = time.process_time() - start
    find_duplicates(pictures[:20])  # compiles
    start = time.process_time()
    found = find_duplicates(pictures)
    took = time.process_time() - start
    pairs = {(one.a, one.b): one for one in found.pairs}
    print(f"{len(pictures):,} pictures (drawn in {drawn:.0f} s), compared in {took:.0f} s of one core; "
          f"{len(found.too_even):,} too even; {len(found.alike):,} pairs shown as alike")  # fmt: skip
    originals = [name for name in plain if name.endswith("/original")]
    for change in CHANGES:
        asked = [(name, name.replace("original", change)) for name in originals]
        asked = [pair for pair in asked if all(plain[name].quality >= LEAST_QUALITY for name in pair)]
        hit = [pairs[min(pair), max(pair)] for pair in asked if (min(pair), max(pair)) in pairs]
        by_plain = sum(plain[a].distance(plain[b]) <= NEAR_BITS for a, b in asked)
        words = ", ".join(f"{how} {count}" for how, count in Counter(one.how for one in hit).most_common(3))
        print(f"  {change:<22} {len(hit):>5,} of {len(asked):,}, plain PDQ {by_plain:>5,}   {words}")
        for a, b in asked:
            if (min(a, b), max(a, b)) not in pairs and len(asked) - len(hit) < 8:
                print(f"    missed: {b}")
    false = [one for one in found.pairs if one.a.split("/")[0] != one.b.split("/")[0] or "elsewhere" in one.a]
    others = [one for one in false if one.a[:5] != one.b[:5]]
    print(f"  called copies and are none: {len(others):,} of different scenes, {len(false) - len(others):,} other "
          f"photographs of a scene; of {len(found.pairs):,} pairs")  # fmt: skip
    for one in false[:10]:
        print(f"    {one}")


def a_million(hashes: int) -> None:
    filed = np.random.default_rng(1).integers(0, 2**64, (hashes, 4), dtype=np.uint64)
    sought = PdqHash(tuple(filed[77].tolist()), 100)
    near(filed, sought)
    start = time.perf_counter()
    for _ in range(20):
        near(filed, sought)
    print(f"one query among {hashes:,} hashes, all looked at: {(time.perf_counter() - start) * 50:.1f} ms")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--scenes", type=int, default=150, help="150 make 2,100 pictures")
    parser.add_argument("--pictures", type=Path, help="a folder of photographs, instead of drawn scenes")
    parser.add_argument("--hashes", type=int, default=1_000_000)
    given = parser.parse_args()
    copies(given.scenes, given.pictures)
    a_million(given.hashes)
