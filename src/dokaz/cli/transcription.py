"""`dokaz transcription`: log books from page to entries, in files: convert, check, propose cells, compare two readings."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from dokaz.errors import BadFile, sentence

if TYPE_CHECKING:
    from dokaz.exchange.programs.transcription_parts import ReadTranscription
    from dokaz.transcription.agreement import FieldAgreement, ReadingAgreement
    from dokaz.transcription.pages import TranscribedBook

app = typer.Typer(add_completion=False, no_args_is_help=True, help="Log books, from a photographed page to entries.")

#: What the end of a file's name says of its format; a folder is PAGE XML, a file a page.
FORMATS = {".csv": "csv", ".xlsx": "xlsx", ".alto.xml": "alto", ".xml": "page"}
JsonOption = Annotated[bool, typer.Option("--json", help="One JSON object.")]
BookArgument = Annotated[Path, typer.Argument(help="PAGE XML, ALTO, CSV or XLSX; or a folder of PAGE XML files.")]


@app.command()
def convert(
    source: BookArgument,
    target: Annotated[
        Path,
        typer.Argument(help="Ends in .xml (PAGE), .alto.xml, .csv or .xlsx; else a folder for PAGE XML files."),
    ],
    transkribus: Annotated[
        bool, typer.Option("--transkribus", help="Cells as TableCell, which Transkribus reads and the schema lacks.")
    ] = False,
) -> None:
    """Write a transcribed book in another format; every region, cell, reading and mark is kept.

    Says what the file that was read lacks, and what other programs will not find in the one that is written.
    """
    from dokaz.exchange.programs.transcription_files import TranscriptionFormat, written_transcription

    read = _read(source)
    suffix = next((suffix for suffix in FORMATS if target.name.endswith(suffix)), "")
    to = TranscriptionFormat(FORMATS.get(suffix, "page"))
    if transkribus and to is not TranscriptionFormat.PAGE:
        raise typer.BadParameter("--transkribus goes with PAGE XML")
    written = written_transcription(
        read.book, TranscriptionFormat.TRANSKRIBUS if transkribus else to, written_at=datetime.now(UTC)
    )
    if suffix and len(written.files) != 1:
        raise typer.BadParameter(
            f"{len(written.files)} pages are as many files of PAGE XML: name a folder, without .xml"
        )
    if suffix:
        target.write_bytes(next(iter(written.files.values())))
    else:
        target.mkdir(parents=True, exist_ok=True)
        for name, data in written.files.items():
            (target / name).write_bytes(data)
    typer.echo(f"{target}: {_counts(read.book)}")
    _say("read", read.notes)
    _say("written", written.notes)


@app.command()
def check(source: BookArgument, as_json: JsonOption = False) -> None:
    """Read a transcribed book, and say what is in it, who read it, and what the file lacks."""
    read = _read(source)
    if as_json:
        typer.echo(json.dumps({"pages": len(read.book.pages), "readers": read.book.readers, "lacks": read.notes},
                              ensure_ascii=False))  # fmt: skip
        return
    typer.echo(f"{source}: {_counts(read.book)}")
    typer.echo(f"  read by: {', '.join(read.book.readers) or 'nobody'}")
    _say("read", read.notes)


@app.command()
def propose(
    image: Annotated[Path, typer.Argument(help="The photograph of a page (JPEG or PNG), the right way up.")],
    out: Annotated[Path, typer.Option("--out", "-o", help="Where to write the cells, as PAGE XML.")],
) -> None:
    """Propose the cells of a ruled table on a photograph; nobody has read or corrected them.

    Coordinates are those of the photograph the right way up: it is turned as its camera says.
    """
    from dokaz.exchange.programs.transcription_files import TranscriptionFormat, written_transcription
    from dokaz.exchange.reading.page_images import read_page_image
    from dokaz.transcription.names import free_name
    from dokaz.transcription.pages import PageImage, TranscribedBook, TranscribedPage
    from dokaz.transcription.rulings import propose_cells

    picture, notes = read_page_image(_bytes(image, "a photograph"), file=str(image))
    table = propose_cells(picture)
    name = " ".join(image.name.split())
    page = TranscribedPage(free_name(image.stem, "page"), image=PageImage(name, *picture.size), regions=(table,))
    book = TranscribedBook("book", pages=(page,))
    written = written_transcription(book, TranscriptionFormat.PAGE, written_at=datetime.now(UTC))
    out.write_bytes(next(iter(written.files.values())))
    typer.echo(f"{out}: {_counts(book)}, as the ruling shows them; correct them by hand")
    _say("read", notes)


@app.command()
def recognise(
    image: Annotated[Path, typer.Argument(help="The photograph of a page (JPEG or PNG).")],
    book: Annotated[Path, typer.Argument(help="The page with its drawn regions, alone in its file.")],
    out: Annotated[Path, typer.Option("--out", "-o", help="Where to write it with the proposals; as of convert.")],
    languages: Annotated[str, typer.Option(help="What Tesseract is to expect.")] = "ukr+rus",
    program: Annotated[
        str | None,
        typer.Option(help="Another program instead of Tesseract, called as docs/methods/transcription.md says."),
    ] = None,
    against: Annotated[str | None, typer.Option(help="Count how far the proposals are from this reader.")] = None,
) -> None:
    """Let a program propose what is written in the drawn regions of a page: proposals, never readings."""
    import shlex
    from dataclasses import replace

    from dokaz.exchange.programs.recognisers import RecogniserCommand, Tesseract
    from dokaz.exchange.programs.transcription_files import TranscriptionFormat, written_transcription
    from dokaz.exchange.reading.page_images import read_page_image
    from dokaz.transcription.proposals import proposal_errors, with_proposals

    suffix = next((suffix for suffix in FORMATS if out.name.endswith(suffix)), None)
    read = _read(book)
    if suffix is None or len(read.book.pages) != 1:
        raise typer.BadParameter("name a file that ends in .xml, .alto.xml, .csv or .xlsx, and give a book of one page")
    picture, notes = read_page_image(_bytes(image, "a photograph"), file=str(image))
    by = RecogniserCommand(shlex.split(program)) if program else Tesseract(languages)
    page = with_proposals(read.book.pages[0], by, picture)
    made = replace(read.book, pages=(page,))
    written = written_transcription(made, TranscriptionFormat(FORMATS[suffix]), written_at=datetime.now(UTC))
    out.write_bytes(next(iter(written.files.values())))
    typer.echo(
        f"{out}: {sum(len(text.proposals) for text in page.texts())} proposals by {by.name}; nobody has read them"
    )
    _say("read", (*read.notes, *notes))
    if against:
        errors = proposal_errors(made, by.name, against)
        typer.echo(
            f"  against {against}: {_share(errors.rate)} of the characters in error, in {errors.places} places; "
            f"nothing proposed for {errors.without}"
        )


@app.command()
def agree(
    first: BookArgument,
    second: BookArgument,
    settled: Annotated[Path | None, typer.Argument(help="What a third person settled, in a file of its own.")] = None,
    as_json: JsonOption = False,
    readers: Annotated[
        list[str] | None,
        typer.Option(
            "--reader", help="Whose reading to take of each file, where it has several; once a file, in order."
        ),
    ] = None,
) -> None:
    """How well two people who read the same pages agree, field by field, and what a third changed.

    Rows are paired by the id of the drawn row, or by order where each reading has rows of its own.
    """
    from dokaz.transcription.agreement import agreement
    from dokaz.transcription.alignment import read_rows

    files = [file for file in (first, second, settled) if file is not None]
    if readers and len(readers) != len(files):
        raise typer.BadParameter(f"{len(readers)} readers of {len(files)} files: name one for each")
    books = [_read(file).book for file in files]
    names = readers or [_only_reader(book, file) for book, file in zip(books, files, strict=True)]
    rows = [read_rows(book, name) for book, name in zip(books, names, strict=True)]
    found = agreement(rows[0], rows[1], rows[2] if len(rows) > 2 else None)
    typer.echo(json.dumps(_as_json(found, names), ensure_ascii=False) if as_json else _in_words(found, names))


def _read(source: Path) -> ReadTranscription:
    from dokaz.exchange.programs.transcription_files import read_transcriptions

    files = sorted(source.glob("*.xml")) if source.is_dir() else [source]
    data = {str(file): _bytes(file, "a transcribed book") for file in files}
    if not data:
        raise BadFile(sentence("{problem}", problem="no XML file is in this folder"), file=str(source))
    return read_transcriptions(data)


def _bytes(file: Path, what: str) -> bytes:
    try:
        return file.read_bytes()
    except OSError as error:
        raise BadFile(
            sentence("it cannot be read: {why}", why=error.strerror or error), file=str(file),
            next_step=sentence("{advice}", advice=f"give the path of {what}"),
        ) from None  # fmt: skip


def _only_reader(book: TranscribedBook, file: Path) -> str:
    if len(book.readers) != 1:
        raise typer.BadParameter(
            f"{file} was read by {', '.join(book.readers) or 'nobody'}: say whose reading to take (--reader, once a file)"
        )
    return book.readers[0]


def _counts(book: TranscribedBook) -> str:
    from dokaz.transcription.pages import TableRegion

    rows = [
        row for page in book.pages for region in page.regions if isinstance(region, TableRegion) for row in region.rows
    ]
    readings = sum(len(text.readings) for page in book.pages for text in page.texts())
    missing = sum(page.is_missing for page in book.pages)
    lost = f" ({missing} missing)" if missing else ""
    cells = sum(len(row.cells) for row in rows)
    return f"pages {len(book.pages)}{lost}, rows {len(rows)}, cells {cells}, readings {readings}"


def _say(when: str, notes: tuple[str, ...]) -> None:
    for note in notes:
        typer.echo(f"  {when}: {note}")


def _as_json(found: ReadingAgreement, names: list[str]) -> dict[str, Any]:
    fields = {}
    for one in found.fields:
        said = {"share_equal": one.share_equal, **asdict(one)}
        fields[said.pop("field")] = said
    return {
        "readers": names,
        "rows": {"paired": found.rows_paired, "only_first": found.rows_only_first, "only_second": found.rows_only_second,
                 "how": found.paired},
        "fields": fields,
    }  # fmt: skip


def _in_words(found: ReadingAgreement, names: list[str]) -> str:
    lines = [
        f"{names[0]} and {names[1]}: {found.rows_paired} rows and headers of both, paired {found.paired}; "
        f"{found.rows_only_first} only of {names[0]}, {found.rows_only_second} only of {names[1]} (in no share below)",
        f"  {'field':<20} {'cells':>5} {'equal':>7} {'with marks':>10} {'kappa':>7} {'characters that differ':>22}",
    ]
    for one in found.fields:
        equal, marks = (f"{part / one.cells:.1%}" if one.cells else "-" for part in (one.equal, one.equal_with_marks))
        kappa = "-" if one.kappa is None else f"{one.kappa:.3f}"
        lines.append(
            f"  {one.field:<20} {one.cells:>5} {equal:>7} {marks:>10} {kappa:>7} {_share(one.character_error_rate):>22}"
        )
        if one.only_first or one.only_second:
            lines.append(f"    read by one alone: {one.only_first} by {names[0]}, {one.only_second} by {names[1]}")
        if one.kappa_undefined:
            lines.append(f"    kappa is undefined: {one.kappa_undefined}")
        lines += _settled_in_words(one, names)
    return "\n".join(lines)


def _settled_in_words(one: FieldAgreement, names: list[str]) -> list[str]:
    made = one.settled
    if made is None:
        return []
    return [
        f"    {names[2]}: kept {made.kept}; took {made.took_first} of {names[0]}, {made.took_second} of {names[1]}, "
        f"{made.neither} of neither; changed {made.changed} that both read alike; characters in error: "
        f"{_share(made.first_error_rate)} and {_share(made.second_error_rate)}"
    ]


def _share(share: float | None) -> str:
    return "-" if share is None else f"{share:.1%}"
