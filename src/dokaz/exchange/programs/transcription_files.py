"""Transcribed log books in files: the format told from the content, pages of several files joined, any format written."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from enum import StrEnum

from dokaz.exchange.programs.alto_writer import written_alto
from dokaz.exchange.programs.alto_xml import read_alto
from dokaz.exchange.programs.page_xml import read_page_xml
from dokaz.exchange.programs.page_xml_writer import written_page_xml
from dokaz.exchange.programs.transcription_parts import (
    ReadTranscription,
    WrittenTranscription,
    built,
    refused,
)
from dokaz.exchange.programs.transcription_tables import read_transcription_table, written_csv, written_xlsx
from dokaz.transcription.pages import TranscribedBook

_ROOT = re.compile(rb"<(?:[\w.-]+:)?(PcGts|alto)[\s>/]")


class TranscriptionFormat(StrEnum):
    """What a transcribed book may be written as."""

    PAGE = "page"
    TRANSKRIBUS = "transkribus"
    ALTO = "alto"
    CSV = "csv"
    XLSX = "xlsx"


def read_transcription(data: bytes, *, file: str) -> ReadTranscription:
    """Read one file in any of the formats.

    Raises:
        BadFile: it is none of them, or the reader of its format refuses it.
    """
    if not data.strip():
        raise refused("the file is empty", "export it again", file=file)
    # Of XML in UTF-16, every other byte is zero.
    head = data[:4096].replace(b"\0", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n")
    if not head.startswith(b"<"):
        return read_transcription_table(data, file=file)
    root = _ROOT.search(head)
    if root is None:
        raise refused(
            "neither PAGE XML nor ALTO", "export it as one of them", file=file, value=head[:60].decode("latin-1")
        )
    return read_alto(data, file=file) if root[1] == b"alto" else read_page_xml(data, file=file)


def read_transcriptions(files: Mapping[str, bytes]) -> ReadTranscription:
    """Read several files as the pages of one book, in this order.

    Raises:
        BadFile: as ``read_transcription``; files of different books; a page that two of them hold.
    """
    read = [(file, read_transcription(data, file=file)) for file, data in files.items()]
    first_file, first = read[0]
    for file, one in read[1:]:
        if (one.book.id, one.book.title, one.book.field_lists) != (
            first.book.id, first.book.title, first.book.field_lists,
        ):  # fmt: skip
            raise refused(f"of another book, or with other fields, than {first_file}", "give the files of one book",
                          file=file, value=one.book.id)  # fmt: skip
    pages = tuple(page for _, one in read for page in one.book.pages)
    book = built(
        lambda: TranscribedBook(first.book.id, first.book.title, first.book.field_lists, pages), file=first_file
    )
    notes = [(f"{file}: {note}" if len(read) > 1 else note) for file, one in read for note in one.notes]
    return ReadTranscription(book, (*notes, *_lacking(book)))


def written_transcription(
    book: TranscribedBook, to: TranscriptionFormat, *, written_at: datetime
) -> WrittenTranscription:
    """A book in a format; several files where the format has one a page."""
    match to:
        case TranscriptionFormat.ALTO:
            return written_alto(book)
        case TranscriptionFormat.CSV:
            return written_csv(book)
        case TranscriptionFormat.XLSX:
            return written_xlsx(book)
        case _:
            cells = to is TranscriptionFormat.TRANSKRIBUS
            return written_page_xml(book, written_at=written_at, cells_of_transkribus=cells)


def _lacking(book: TranscribedBook) -> Sequence[str]:
    """What pages refer to and the book does not have."""
    there = {page.id for page in book.pages}
    return [
        f"a table of {page.id} goes on from {of}, which is not in the book"
        for page in book.pages
        for of, _ in page.continued()
        if of not in there
    ]
