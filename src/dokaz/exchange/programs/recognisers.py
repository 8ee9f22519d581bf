"""Programs that read pages: Tesseract for print, and any command that keeps the contract of a recogniser.

The contract: ``PROGRAM IMAGE.png REGIONS.json PROPOSALS.json``. Dokaz writes the image, in shades of grey, and regions::

    {"width": 1240, "height": 1754, "regions": [{"id": "r1c2", "points": [[90, 230], …], "baseline": [[…], …]}]}

The program writes what it sees, and ends with code 0. A region in which it sees nothing may be left out::

    {"engine": "kraken 5.2, model uk-2024", "proposals": [{"id": "r1c2", "text": "Петренко", "confidence": 0.87}]}
"""

from __future__ import annotations

import csv
import io
import json
import subprocess
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from math import atan2, degrees
from pathlib import Path

from PIL import Image

from dokaz.errors import NotProposed
from dokaz.transcription.pages import Outline, TextRegion
from dokaz.transcription.proposals import RecognisedText

#: No answer of a program is larger.
MOST_BYTES = 64 * 1024 * 1024
_MARGIN, _INSET = 24, 4


@dataclass
class RecogniserCommand:
    """A program of somebody else's, called by its command.

    Args:
        command: The program and its own arguments; the three paths of the contract follow.
        seconds: How long it may take.
    """

    command: Sequence[str]
    seconds: float = 600
    name: str = field(default="", init=False)

    def recognise(self, image: Image.Image, regions: Sequence[TextRegion]) -> Mapping[str, RecognisedText]:
        """Run it once.

        Raises:
            NotProposed: it cannot be run, fails, takes too long, or its answer does not keep the contract.
        """
        with tempfile.TemporaryDirectory() as folder:
            paths = [Path(folder) / name for name in ("image.png", "regions.json", "proposals.json")]
            image.save(paths[0])
            asked = [{"id": each.id, "points": each.outline, "baseline": each.lines[0].baseline if each.lines else []}
                     for each in regions]  # fmt: skip
            said = {"width": image.width, "height": image.height, "regions": asked}
            paths[1].write_text(json.dumps(said, ensure_ascii=False), encoding="utf-8")
            _run([*self.command, *map(str, paths)], self.seconds)
            return self._answer(paths[2])

    def _answer(self, path: Path) -> dict[str, RecognisedText]:
        program = self.command[0]
        if not path.is_file() or path.stat().st_size > MOST_BYTES:
            raise NotProposed(f"{program} wrote no answer, or more than {MOST_BYTES:,} bytes", "see the contract")
        try:
            answer = json.loads(path.read_text(encoding="utf-8"))
            self.name = answer["engine"]
            found = {each["id"]: RecognisedText(each["text"], each.get("confidence")) for each in answer["proposals"]}
            is_kept = isinstance(self.name, str) and all(
                isinstance(name, str) and isinstance(seen.text, str)
                and (seen.confidence is None or isinstance(seen.confidence, int | float))
                for name, seen in found.items()
            )  # fmt: skip
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
            raise NotProposed(
                f"the answer of {program} does not keep the contract: {error}", "see the contract"
            ) from None
        if not is_kept:
            raise NotProposed(f"the answer of {program} holds something else than texts", "see the contract")
        return found


@dataclass
class Tesseract:
    """Tesseract, where it is installed (`tesseract-ocr`, `tesseract-ocr-ukr`, `tesseract-ocr-rus` of Debian); for print.

    Every region is cut out upright and set on a line of its own, so that what is found on a line is the region's.
    """

    languages: str = "ukr+rus"
    seconds: float = 600

    @property
    def name(self) -> str:
        said = _run(["tesseract", "--version"], 30).split()
        return f"Tesseract {said[1] if len(said) > 1 else '?'}, {self.languages}"

    def recognise(self, image: Image.Image, regions: Sequence[TextRegion]) -> Mapping[str, RecognisedText]:
        """Run it once over all regions.

        Raises:
            NotProposed: it is not installed, lacks a language, fails or takes too long.
        """
        cuts = [(each.id, _upright(image, each.outline)) for each in regions]
        width = max((cut.width for _, cut in cuts), default=1) + 2 * _MARGIN
        sheet = Image.new("L", (width, sum(cut.height + _MARGIN for _, cut in cuts) + _MARGIN), 255)
        ends: list[tuple[int, str]] = []
        y = _MARGIN
        for name, cut in cuts:
            sheet.paste(cut, (_MARGIN, y))
            y += cut.height + _MARGIN
            ends.append((y - _MARGIN // 2, name))
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "sheet.png"
            sheet.save(path, dpi=(150, 150))
            told = _run(["tesseract", str(path), "-", "-l", self.languages, "--psm", "6", "tsv"], self.seconds)
        return _by_line(told, ends)


def _by_line(tsv: str, ends: Sequence[tuple[int, str]]) -> dict[str, RecognisedText]:
    """Tesseract's words, each to the region on whose line its middle lies."""
    words: dict[str, list[tuple[int, str, float]]] = {}
    for row in csv.DictReader(io.StringIO(tsv), delimiter="\t", quoting=csv.QUOTE_NONE):
        text, sure = (row.get("text") or "").strip(), float(row.get("conf") or -1)
        if not text or sure < 0:
            continue
        middle = int(row["top"]) + int(row["height"]) / 2
        name = next((name for end, name in ends if middle < end), None)
        if name is not None:
            words.setdefault(name, []).append((int(row["left"]), text, sure / 100))
    return {
        name: RecognisedText(" ".join(text for _, text, _ in sorted(found)), min(sure for _, _, sure in found))
        for name, found in words.items()
    }


def _upright(image: Image.Image, outline: Outline) -> Image.Image:
    """What lies within an outline, set upright by its upper edge, without the ruling at its edges."""
    xs, ys = [x for x, _ in outline], [y for _, y in outline]
    box = (min(xs), min(ys), max(xs) + 1, max(ys) + 1)
    cut = image.crop(box)
    (x1, y1), (x2, y2) = outline[0], outline[1]
    angle = degrees(atan2(y2 - y1, x2 - x1)) if x2 > x1 else 0.0
    rise = abs(y2 - y1) // 2 if abs(angle) < 10 else 0
    cut = cut.rotate(angle, resample=Image.Resampling.BICUBIC, fillcolor=255) if abs(angle) < 10 else cut
    left, top = _INSET + 2, rise + _INSET
    return cut.crop((left, top, max(left + 1, cut.width - left), max(top + 1, cut.height - top)))


def _run(command: Sequence[str], seconds: float) -> str:
    """What a program says.

    Raises:
        NotProposed: it is not there, fails, or takes longer.
    """
    try:
        ran = subprocess.run(command, capture_output=True, timeout=seconds, check=False)
    except OSError as error:
        raise NotProposed(
            f"{command[0]} cannot be run: {error.strerror or error}", "install it, or name its path"
        ) from None
    except subprocess.TimeoutExpired:
        raise NotProposed(f"{command[0]} takes longer than {seconds:,.0f} seconds", "give it fewer regions") from None
    if ran.returncode:
        said = ran.stderr.decode("utf-8", "replace").strip()[-300:]
        raise NotProposed(f"{command[0]} ended with code {ran.returncode}: {said}", "see what it says")
    return ran.stdout.decode("utf-8", "replace")
