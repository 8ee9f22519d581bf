"""Programs that read pages: Tesseract where it is installed, a tiny model of our own by the contract, and broken ones."""

from __future__ import annotations

import io
import json
import shutil
import sys
from dataclasses import replace
from importlib.resources import files
from pathlib import Path

import pytest
from PIL import Image
from small_book import BOOK, PAGE

from dokaz.cli.exits import ExitCode
from dokaz.cli.main import run
from dokaz.errors import NotProposed
from dokaz.exchange.programs.recognisers import RecogniserCommand, Tesseract
from dokaz.exchange.programs.transcription_tables import written_csv
from dokaz.simulate.log_pages import TRUTH, simulate_log_book
from dokaz.transcription.marked_text import plain_text
from dokaz.transcription.pages import CellReading, MachineProposal, TableRegion, TextRegion, TranscribedBook
from dokaz.transcription.proposals import ProposalErrors, RecognisedText, proposal_errors, with_proposals

FONT = str(files("dokaz") / "simulate" / "fonts" / "bad-script-latin-400-normal.woff")
DIGITS = [sys.executable, str(Path(__file__).with_name("nearest_digit.py")), FONT]
WHITE = Image.new("L", (1200, 1700), 255)


@pytest.fixture(scope="module")
def log_book():
    return simulate_log_book(3, pages=2, most_tilt_degrees=1.0)


def only(book: TranscribedBook, page: int, wanted) -> TranscribedBook:
    """A page of the book with those of its cells that are wanted, as texts."""
    [table] = [region for region in book.pages[page].regions if isinstance(region, TableRegion)]
    cells = [cell for row in table.rows for cell in row.cells if wanted(cell)]
    texts = tuple(TextRegion(c.id, c.outline, c.field, c.lines, c.readings) for c in cells)
    return replace(book, pages=(replace(book.pages[page], regions=texts),))


def photograph(log_book, page: int) -> Image.Image:
    return Image.open(io.BytesIO(log_book.images[f"p{page + 1}.jpg"]))


def script(tmp_path: Path, body: str) -> RecogniserCommand:
    file = tmp_path / "program.py"
    file.write_text(f"import json, sys, time\nimage, regions, out = sys.argv[1:]\n{body}\n", encoding="utf-8")
    return RecogniserCommand([sys.executable, str(file)], seconds=20)


def test_a_tiny_model_reads_the_digits_of_a_hand_by_the_contract(log_book):
    book = only(log_book.book, 0, lambda cell: cell.field == "cell")
    made = replace(book, pages=(with_proposals(book.pages[0], RecogniserCommand(DIGITS), photograph(log_book, 0)),))
    found = proposal_errors(made, "nearest digit 1", TRUTH)
    assert found.places == 23 and found.without == 0
    assert found.rate < 0.25
    for before, after in zip(book.pages[0].texts(), made.pages[0].texts(), strict=True):
        assert after.readings == before.readings  # a proposal fills no reading
        assert isinstance(after.proposals[0], MachineProposal) and not isinstance(after.proposals[0], CellReading)


@pytest.mark.skipif(not shutil.which("tesseract"), reason="Tesseract is not installed")
def test_tesseract_reads_a_printed_page(log_book):
    book = only(log_book.book, 1, lambda cell: cell.column == 1 and not cell.is_heading)
    by = Tesseract()
    made = replace(book, pages=(with_proposals(book.pages[0], by, photograph(log_book, 1)),))
    assert by.name.startswith("Tesseract ") and by.name.endswith(", ukr+rus")
    assert proposal_errors(made, by.name, TRUTH).rate < 0.15


@pytest.mark.skipif(not shutil.which("tesseract"), reason="Tesseract is not installed")
def test_a_language_that_tesseract_lacks_is_refused():
    with pytest.raises(NotProposed, match="tesseract ended with code"):
        Tesseract("xxx").recognise(WHITE, [TextRegion("a", ((0, 0), (90, 0), (90, 40), (0, 40)))])


def test_a_program_that_is_not_installed_is_refused(monkeypatch):
    monkeypatch.setenv("PATH", "")
    with pytest.raises(NotProposed, match="tesseract cannot be run"):
        Tesseract().recognise(WHITE, [TextRegion("a", ((0, 0), (90, 0), (90, 40), (0, 40)))])


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ("pass", "wrote no answer"),
        ("sys.exit('no model')", "ended with code 1: no model"),
        ("open(out, 'w').write('{')", "does not keep the contract"),
        ("json.dump([], open(out, 'w'))", "does not keep the contract"),
        ("json.dump({'engine': 'x'}, open(out, 'w'))", "does not keep the contract: 'proposals'"),
        ("json.dump({'engine': 'x', 'proposals': [{'id': 'c0'}]}, open(out, 'w'))", "does not keep the contract: 'text'"),
        ("json.dump({'engine': 'x', 'proposals': [{'id': 'c0', 'text': 5}]}, open(out, 'w'))", "something else than texts"),
        ("json.dump({'engine': 5, 'proposals': []}, open(out, 'w'))", "something else than texts"),
        ("json.dump({'engine': 'x', 'proposals': [{'id': 'c0', 'text': 'a', 'confidence': '1'}]}, open(out, 'w'))",
         "something else than texts"),
        ("json.dump({'engine': 'x', 'proposals': [{'id': 'c9', 'text': 'a'}]}, open(out, 'w'))",
         "x proposes a text for c9, which is not drawn"),
    ],
)  # fmt: skip
def test_a_program_that_breaks_the_contract_is_refused(body, said, tmp_path):
    with pytest.raises(NotProposed, match=said):
        with_proposals(PAGE, script(tmp_path, body), WHITE)


def test_a_program_that_takes_too_long_is_stopped(tmp_path):
    program = script(tmp_path, "time.sleep(60)")
    program.seconds = 0.5
    with pytest.raises(NotProposed, match="takes longer than 0 seconds"):
        with_proposals(PAGE, program, WHITE)


def test_a_program_is_told_which_regions_are_drawn_and_where(tmp_path):
    kept = tmp_path / "asked.json"
    answer = "{'engine': 'x', 'proposals': [{'id': 'c0', 'text': ' '}]}"
    body = f"import shutil; shutil.copy(regions, {str(kept)!r})\njson.dump({answer}, open(out, 'w'))"
    program = script(tmp_path, body)
    assert with_proposals(PAGE, program, WHITE) == PAGE  # white space is no proposal
    asked = json.loads(kept.read_text())
    assert (asked["width"], asked["height"], len(asked["regions"])) == (1200, 1700, 7)
    assert asked["regions"][1] == {"id": "h0", "points": [[0, 100], [100, 100], [100, 140], [0, 140]],
                                   "baseline": [[0, 130], [90, 130]]}  # fmt: skip


class Known:
    """Says what it is told to."""

    name = "known 1"

    def __init__(self, **texts: str) -> None:
        self.texts = texts

    def recognise(self, image, regions):
        return {name: RecognisedText(text, 0.5) for name, text in self.texts.items()}


def test_errors_of_proposals_in_closed_form():
    page = with_proposals(PAGE, Known(c0="Петренка", c1="3"), WHITE)
    assert proposal_errors(replace(BOOK, pages=(page,)), "known 1", "Крук") == ProposalErrors(
        4, 2, pytest.approx((1 + 3 + 1 + 1) / (8 + 4 + 1 + 1))
    )
    assert [text.proposals for text in page.texts() if text.id == "c1"] == [
        (MachineProposal("known 1", plain_text("3"), 0.5),)
    ]
    assert proposal_errors(replace(BOOK, pages=()), "known 1", "Крук").rate is None


def test_the_command_proposes_and_counts(log_book, tmp_path, capsys):
    book = only(log_book.book, 0, lambda cell: cell.field == "cell")
    [data] = written_csv(book).files.values()
    (tmp_path / "p1.csv").write_bytes(data)
    (tmp_path / "p1.jpg").write_bytes(log_book.images["p1.jpg"])
    command = ["transcription", "recognise", str(tmp_path / "p1.jpg"), str(tmp_path / "p1.csv"), "-o"]
    program = ["--program", " ".join(DIGITS), "--against", TRUTH]
    assert run([*command, str(tmp_path / "out.xml"), *program]) == ExitCode.OK
    said = capsys.readouterr().out
    assert (
        "23 proposals by nearest digit 1; nobody has read them" in said
        and "of the characters in error, in 23 places" in said
    )
    assert (tmp_path / "out.xml").read_text(encoding="utf-8").count('conf="') == 46  # of the region, and of its line
    assert run([*command, str(tmp_path / "folder"), *program]) == ExitCode.USAGE
