"""Markers and mutation models in the JSON of questions and victim cases, with errors that name the place in it."""

from __future__ import annotations

import difflib
import json
import math
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from dokaz.errors import NOTHING, BadFile, Sentence, sentence
from dokaz.kinship.model.marker_table import chromosome_of, is_one_copy, renamed
from dokaz.kinship.model.markers import Chromosome, Marker, MarkerSet
from dokaz.kinship.model.mutation import Mutation, MutationKind, MutationModel

#: How an allele that typing never shows is named in these files.
SILENT_NAMES = frozenset({"silent", "null"})

#: Keys that change an answer and may be absent, so that a misspelt one would not be missed.
OPTIONS = ("theta", "rho", "linked", "dropout", "dropin", "hypotheses", "pairings", "prior", "markers_am_mutation",
           "frequency_source")  # fmt: skip


def read_json(data: bytes, *, file: str) -> dict[str, Any]:
    """The JSON object of a question or victim file.

    Raises:
        BadFile: names line and column.
    """
    try:
        found = json.loads(data.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise BadFile(
            sentence("byte {start} is not UTF-8", start=error.start), file=file, next_step=sentence("save it as UTF-8")
        ) from None
    except json.JSONDecodeError as error:
        raise BadFile(
            sentence("not JSON: {msg}", msg=error.msg), file=file, line=error.lineno, column=str(error.colno),
            next_step=sentence("give a question or victim file, whole"),
        ) from None  # fmt: skip
    except RecursionError:
        raise BadFile(
            sentence("nested too deeply"), file=file, next_step=sentence("give a question or victim file")
        ) from None
    except ValueError as error:
        raise BadFile(
            sentence("not JSON: {error}", error=error), file=file, next_step=sentence("give a question or victim file")
        ) from None
    if not isinstance(found, dict):
        raise BadFile(sentence("not a JSON object"), file=file, next_step=sentence("give a question or victim file"))
    return found


def under_table_names(data: dict[str, Any], *, file: str) -> tuple[dict[str, Any], dict[str, str]]:
    """The file with the names that its markers have in the table of markers, and what was renamed.

    Copies of a locus that are written apart (DYS385a) keep their names. A marker that is listed under two names, and alike
    under both, is one: remains and families may come from two laboratories.

    Raises:
        BadFile: one marker is described differently under two names, or somebody is typed under both.
    """
    rows = [data.get("marker"), *_listed(data.get("markers"))]
    written = [row["name"] for row in rows if isinstance(row, dict) and isinstance(row.get("name"), str)]
    names = {old: new for old, new in renamed(written).items() if not is_one_copy(old)}
    if not names:
        return data, {}

    def twice(name: str) -> BadFile:
        return BadFile(
            sentence("{name} is there under two names", name=name),
            file=file,
            value=next(old for old, new in names.items() if new == name),
            next_step=sentence("keep one of them"),
        )

    def keys(by_marker: Any) -> Any:
        if not isinstance(by_marker, dict):
            return by_marker
        found: dict[str, Any] = {}
        for old, value in by_marker.items():
            here = names.get(str(old), str(old))
            if found.setdefault(here, value) is not value:
                raise twice(here)
        return found

    def distinct(rows: Any) -> Any:
        if not isinstance(rows, list):
            return rows
        kept: list[Any] = []
        at: dict[Any, Any] = {}
        for row in map(named, rows):
            name = row.get("name") if isinstance(row, dict) else None
            if isinstance(name, str) and name in names.values() and name in at:
                if at[name] != row or "markers_am_mutation" in data:
                    raise twice(name)
                continue
            at |= {name: row} if isinstance(name, str) else {}
            kept.append(row)
        return kept

    def people(by_person: Any) -> Any:
        return {p: keys(g) for p, g in by_person.items()} if isinstance(by_person, dict) else by_person

    def named(row: Any) -> Any:
        return {**row, "name": names.get(row["name"], row["name"])} if isinstance(row, dict) and "name" in row else row

    def typed(row: Any, of: Callable[[Any], Any]) -> Any:
        return {**row, "genotypes": of(row["genotypes"])} if isinstance(row, dict) and "genotypes" in row else row

    def linked(row: Any) -> Any:
        of = row.get("markers") if isinstance(row, dict) else None
        return {**row, "markers": [names.get(m, m) for m in of]} if isinstance(of, list) else row

    change: dict[str, Callable[[Any], Any]] = {
        "marker": named,
        "markers": distinct,
        "genotypes": people,
        "dropout": people,
        "dropin": people,
        "pm": lambda rows: [typed(row, keys) for row in rows] if isinstance(rows, list) else rows,
        "am": lambda rows: [typed(row, people) for row in rows] if isinstance(rows, list) else rows,
        "linked": lambda rows: [linked(row) for row in rows] if isinstance(rows, list) else rows,
    }
    return {key: change[key](value) if key in change else value for key, value in data.items()}, names


def _listed(value: object) -> list[Any]:
    return value if isinstance(value, list) else []


class CaseFile:
    """A JSON file, with errors that name the place in it; its markers bear the names of the table of markers."""

    def __init__(self, data: dict[str, Any], name: str) -> None:
        self.data, self.renamed = under_table_names(data, file=name)
        self.name = name
        for key in data.keys() - set(OPTIONS):
            for meant in difflib.get_close_matches(key.lower(), OPTIONS, n=1, cutoff=0.8):
                raise self.bad(
                    sentence("{meant} is misspelt", meant=meant),
                    key,
                    next_step=sentence("write {meant}; unread, it would change nothing", meant=meant),
                )

    @classmethod
    def read(cls, path: Path) -> CaseFile:
        return cls(read_json(path.read_bytes(), file=path.name), path.name)

    def bad(self, problem: Sentence, place: str, value: object = None, *, next_step: Sentence = NOTHING) -> BadFile:
        shown = None if value is None else str(value)[:80]
        return BadFile(
            problem,
            file=self.name,
            column=place,
            value=shown,
            next_step=next_step or sentence("correct it there, or export the file again"),
        )

    def mapping(self, value: object, place: str) -> dict[str, Any]:
        if not isinstance(value, dict):
            raise self.bad(sentence("expected an object"), place, value)
        return value

    def rows(self, value: object, place: str) -> list[Any]:
        if not isinstance(value, list):
            raise self.bad(sentence("expected a list"), place, value)
        return value

    def text(self, value: object, place: str) -> str:
        if isinstance(value, bool) or not isinstance(value, str | int | float) or value == "":
            raise self.bad(sentence("expected a name"), place, value)
        if isinstance(value, str) and not value.isprintable():
            raise self.bad(sentence("a name with a control character or a line break"), place, repr(value))
        return f"{value:g}" if isinstance(value, float) else str(value)

    def number(self, value: object, place: str) -> float:
        if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
            raise self.bad(sentence("expected a number"), place, value)
        return float(value)


def markers_of(file: CaseFile) -> MarkerSet:
    """The markers of a case file, with the families' mutation models where it states them apart."""
    data = file.data
    rows = [data["marker"]] if "marker" in data else file.rows(data.get("markers"), "markers")
    of_families = data.get("markers_am_mutation")
    if of_families is not None and len(file.rows(of_families, "markers_am_mutation")) != len(rows):
        raise file.bad(
            sentence("{models} mutation models for {markers} markers", models=len(of_families), markers=len(rows)),
            "markers_am_mutation",
        )
    markers = []
    for i, row in enumerate(rows):
        place = "marker" if "marker" in data else f"markers[{i}]"
        row = file.mapping(row, place)
        mutation = row.get("mutation") if of_families is None else of_families[i]
        if row.get("chrom") is None and data.get("chrom") is not None:
            # Some files state the chromosome once for all markers.
            row = {**row, "chrom": data["chrom"]}
        markers.append(_marker(file, row, mutation, place))
    return MarkerSet(tuple(markers))


def _marker(file: CaseFile, row: dict[str, Any], mutation: object, place: str) -> Marker:
    name = file.text(row.get("name"), f"{place}.name")
    alleles = [file.text(a, f"{place}.alleles[{k}]") for k, a in enumerate(file.rows(row.get("alleles"), place))]
    freqs = [file.number(f, f"{place}.freqs[{k}]") for k, f in enumerate(file.rows(row.get("freqs"), f"{place}.freqs"))]
    if len(alleles) != len(freqs):
        raise file.bad(
            sentence(
                "{name}: {alleles} alleles but {freqs} frequencies", name=name, alleles=len(alleles), freqs=len(freqs)
            ),
            place,
        )
    hidden = [k for k, allele in enumerate(alleles) if allele.casefold() in SILENT_NAMES]
    if len(hidden) > 1:
        raise file.bad(sentence("{name}: two silent alleles", name=name), f"{place}.alleles")
    visible = [k for k in range(len(alleles)) if k not in hidden]
    # The silent allele stands last, whatever its place in the file.
    order = visible + hidden
    chromosome = Chromosome.named(row.get("chrom"))
    known = chromosome_of(name)
    if known is Chromosome.AMELOGENIN or (known is not None and row.get("chrom") in (None, "")):
        # No chromosome is how these files say autosomal; of a marker that is known to lie elsewhere that is an omission.
        chromosome = known
    return Marker(
        name,
        tuple(alleles[k] for k in visible),
        tuple(freqs[k] for k in visible),
        chromosome,
        _mutation(file, row, mutation, alleles, order, place),
        freqs[hidden[0]] if hidden else None,
    )


def _mutation(
    file: CaseFile, row: dict[str, Any], mutation: object, alleles: list[str], order: list[int], place: str
) -> Mutation | None:
    if mutation is not None:
        models = file.mapping(mutation, f"{place}.mutation")
        read = {}
        for sex in ("female", "male"):
            if models.get(sex) is not None:
                read[sex] = _model(file, models[sex], alleles, order, f"{place}.mutation.{sex}")
        if len(read) != 2:
            raise file.bad(sentence("mutation needs female and male"), f"{place}.mutation")
        if read["female"] == read["male"]:
            return Mutation.alike(read["female"])
        return Mutation(read["female"], read["male"])
    male, female = row.get("male_mutation_matrix"), row.get("female_mutation_matrix")
    if male is None and female is None:
        return None
    rows = {
        "male": female if male is None else male,
        "female": male if female is None else female,
    }
    stated = {}
    for sex, matrix in rows.items():
        stated[sex] = MutationModel(
            MutationKind.CUSTOM, stated=_matrix(file, matrix, order, f"{place}.{sex}_mutation_matrix")
        )
    if all(m.stated == tuple(_unit(len(order), k) for k in range(len(order))) for m in stated.values()):
        return None
    if stated["female"] == stated["male"]:
        return Mutation.alike(stated["male"])
    return Mutation(stated["female"], stated["male"])


def _unit(size: int, k: int) -> tuple[float, ...]:
    return tuple(float(j == k) for j in range(size))


def _model(file: CaseFile, value: object, alleles: list[str], order: list[int], place: str) -> MutationModel:
    row = file.mapping(value, place)
    name = str(row.get("model", "custom")).lower()
    name = "custom" if name in {"trivial", "none", "random"} and row.get("matrix") is not None else name
    if name in {"trivial", "none"}:
        return MutationModel(MutationKind.EQUAL, rate=0.0)
    try:
        kind = MutationKind(name)
    except ValueError:
        raise file.bad(
            sentence("unknown mutation model"),
            f"{place}.model",
            name,
            next_step=sentence("one of {allowed}", allowed=", ".join(k.value for k in MutationKind)),
        ) from None
    numbers = {}
    for key in ("rate", "rate2", "range"):
        if row.get(key) is not None:
            numbers[key] = file.number(row[key], f"{place}.{key}")
    stated = None
    if row.get("matrix") is not None:
        positions = order
        if row.get("alleles") is not None:
            # Aligned by allele name: the matrix may list them in another order than the frequencies.
            named = [file.text(a, f"{place}.alleles") for a in file.rows(row["alleles"], f"{place}.alleles")]
            if sorted(named) != sorted(alleles):
                raise file.bad(sentence("the mutation matrix names other alleles than the marker"), f"{place}.alleles")
            positions = [named.index(alleles[k]) for k in order]
        stated = _matrix(file, row["matrix"], positions, f"{place}.matrix")
    stationary = row.get("stationary") or False
    if not isinstance(stationary, bool):
        raise file.bad(sentence("expected true or false"), f"{place}.stationary", stationary)
    return MutationModel(kind, stated=stated, stationary=stationary, **numbers)


def _matrix(file: CaseFile, value: object, order: Sequence[int], place: str) -> tuple[tuple[float, ...], ...]:
    rows = file.rows(value, place)
    if len(rows) != len(order) or any(len(file.rows(row, place)) != len(order) for row in rows):
        raise file.bad(sentence("the mutation matrix is not {size} × {size}", size=len(order)), place)
    return tuple(tuple(file.number(rows[i][j], place) for j in order) for i in order)
