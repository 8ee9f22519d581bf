"""What a reader finds odd or leaves aside: codes with values, as records keep them, and the sentences that say them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from dokaz.errors import BadChoice, Sentence, sentence, template

REMARKS = {
    "column_unknown": template("column not known: {column}"),
    "marker_unknown": template("marker not known, kept in the file only: {marker}"),
    "marker_on_x": template("marker on the X chromosome, kept in the file only: {marker}"),
    "column_kept": template("column {column} is kept in the file only; it has {cells} cells"),
    "cell_kept": template("{file}, line {line}, column {column} is kept in the file only: {text}"),
    "line_kept": template("line {line} of {file} is kept in the file only: {text}"),
    "unit_at_zero": template("{file}, line {line}: {number} lies at 0, 0, where devices put what they did not measure"),
    "axes_swapped": template(
        "{file}, line {line}: {number} lies at {latitude}, {longitude}; with its axes swapped, in Ukraine"
    ),
    "before_the_war": template(
        "{file}, line {line}, column {column} says {moment}, before the war began in February 2014"
    ),
    "far_from_grave": template("{file}, line {line}: {number} lies {metres:,} m from the points of its grave"),
    "far_from_site": template("{file}, line {line}: {number} lies {metres:,} m from the points of its site"),
    "far_from_photograph": template(
        "{file}, line {line}: {number} lies {metres:,} m from where its photograph {photograph} was taken"
    ),
    "control": template("control, not filed: {sample}"),
    "sex_of_amelogenin": template(
        "{file}, line {line}: amelogenin of {member} of family {family} says {seen}, the pedigree says {stated}: a "
        "mistaken sex, or another person's sample"
    ),
    "consent_elsewhere": template("the consent of the relatives is documented by whoever delivered {file}"),
    "nothing_examined": template(
        "{file} states neither where the remains lay nor who examined, sampled and typed them; nothing was put in its place"
    ),
    "exif_damaged": template("its EXIF is damaged ({complaint})"),
    "exif_unreadable": template("its EXIF cannot be read ({error})"),
    "no_exif": template("it has no EXIF: neither time, place nor camera is stated"),
    "clocks_differ": template("its clock and the satellites' time differ by {difference}"),
    "small_copy": template("it carries a small copy of itself, which a redaction would have to remove too"),
    "bytes_after_end": template("{count:,} bytes follow the end of the picture"),
    "no_time": template("it does not say when it was taken"),
    "bad_time": template("its time {clock!r} is no time"),
    "no_zone": template("its time has no zone"),
    "bad_zone": template("its zone {offset!r} is none"),
    "bad_place": template("its place cannot be read"),
    "place_zero": template("its place is 0, 0, which cameras write before they have one"),
}

_SEXES = {"male": sentence("male"), "female": sentence("female")}

Remark = dict[str, Any]


def remark(code: str, **values: object) -> Remark:
    """One remark, as a record keeps it; ``code`` is one of ``REMARKS``."""
    return {"code": code, **values}


def must_be_remarks(found: Iterable[object]) -> None:
    """Refuse what no page could say.

    Raises:
        BadChoice: the code of one is not known, a value of its sentence is missing, or a value is no text or number.
    """
    for each in found:
        code = each.get("code") if isinstance(each, dict) else each
        if not isinstance(each, dict) or not isinstance(code, str) or code not in REMARKS:
            raise BadChoice("remarks", code, list(REMARKS))
        try:
            str(in_words(each))
        except (LookupError, ValueError, TypeError):
            raise BadChoice("remarks", each, [REMARKS[code]]) from None


def unknown_columns(columns: Iterable[str]) -> list[Remark]:
    """That columns of a table say nothing to the reader."""
    return [remark("column_unknown", column=column) for column in columns]


def unknown_markers(markers: Iterable[str]) -> list[Remark]:
    """That markers of a table are not known."""
    return [remark("marker_unknown", marker=marker) for marker in markers]


def in_words(found: Mapping[str, Any]) -> Sentence:
    """What a remark says."""
    values = {name: _SEXES[value] if name in ("seen", "stated") else value for name, value in found.items()}
    return Sentence(REMARKS[found["code"]], values)
