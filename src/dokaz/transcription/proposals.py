"""Texts that programs propose for regions of a page, and how often they are wrong; no proposal is a reading."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Protocol, TypeVar

from PIL import Image

from dokaz.errors import NotProposed
from dokaz.transcription.edit_distance import edit_distance
from dokaz.transcription.marked_text import plain_text
from dokaz.transcription.pages import (
    HeaderRegion,
    MachineProposal,
    PageRegion,
    TableRegion,
    TextRegion,
    TranscribedBook,
    TranscribedPage,
)

_Text = TypeVar("_Text", bound=TextRegion)


@dataclass(frozen=True, slots=True)
class RecognisedText:
    """What a program sees in a region: plain text, and what it says of its own certainty, 0 to 1."""

    text: str
    confidence: float | None = None


class Recogniser(Protocol):
    """A program that reads regions of a page, printed or by hand."""

    @property
    def name(self) -> str:
        """Its name and version, and its model's, as a proposal will bear them for ever."""

    def recognise(self, image: Image.Image, regions: Sequence[TextRegion]) -> Mapping[str, RecognisedText]:
        """What stands in regions, by their id; a region in which it sees nothing may be left out.

        Args:
            image: The page the right way up, in shades of grey; outlines are in its pixels.
            regions: Those that are drawn.
        """


def with_proposals(page: TranscribedPage, by: Recogniser, image: Image.Image) -> TranscribedPage:
    """The page with what a program proposes for each drawn region, beside all that is there.

    Raises:
        NotProposed: the program names a region that it was not asked about, or says what no page shows.
    """
    asked = [text for text in page.texts() if text.outline]
    found = by.recognise(image, asked)
    unknown = sorted(found.keys() - {text.id for text in asked})
    if unknown:
        raise NotProposed(f"{by.name} proposes a text for {unknown[0]}, which is not drawn", "correct the program")

    def proposed(text: _Text) -> _Text:
        seen = found.get(text.id)
        if seen is None or not seen.text.strip():
            return text
        one = MachineProposal(by.name, plain_text(seen.text), seen.confidence)
        return replace(text, proposals=(*text.proposals, one))

    def changed(region: PageRegion) -> PageRegion:
        match region:
            case TableRegion():
                rows = (replace(row, cells=tuple(map(proposed, row.cells))) for row in region.rows)
                return replace(region, rows=tuple(rows))
            case HeaderRegion():
                return replace(region, parts=tuple(map(proposed, region.parts)))
            case _:
                return proposed(region)

    return replace(page, regions=tuple(map(changed, page.regions)))


@dataclass(frozen=True, slots=True)
class ProposalErrors:
    """How far a program's proposals are from what a person read in the same places.

    Args:
        places: How many that person read.
        without: For how many of them the program proposes nothing; all of their characters count as wrong.
        rate: Levenshtein distances over the person's characters, both summed; None where there are none. May exceed 1.
    """

    places: int
    without: int
    rate: float | None


def proposal_errors(book: TranscribedBook, engine: str, reader: str) -> ProposalErrors:
    """Compare what an engine proposed with what a person read, in NFC, an illegible character as □."""
    places = without = distance = characters = 0
    for page in book.pages:
        for text in page.texts():
            read = text.read_by(reader)
            if read is None:
                continue
            proposed = next((each.text.unmarked for each in text.proposals if each.engine == engine), None)
            places, without = places + 1, without + (proposed is None)
            distance += edit_distance(proposed or "", read.unmarked)
            characters += len(read.unmarked)
    return ProposalErrors(places, without, distance / characters if characters else None)
