"""The markers of a frequency table, as the kinship engine takes them: the table is checked by it, and compared with it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import TypedDict

from dokaz.errors import BadChoice, WrongKind, sentence
from dokaz.kinship import Marker, MarkerSet, Mutation, MutationKind, MutationModel
from dokaz.kinship.model.marker_table import chromosome_of
from dokaz.kinship.model.markers import Chromosome

# Figures that sum to 1 this closely are used as they are; printed, rounded ones are divided by their sum.
_EXACT = 1e-9
_NUMBER = re.compile(r"[0-9]{1,6}(\.[0-9]{1,40})?(e[+-]?[0-9]{1,3})?")


class StatedModel(TypedDict):
    """A mutation model as a table holds it; numbers are decimal text."""

    model: str
    rate: str
    rate2: str
    range: str
    matrix: Sequence[Sequence[str]] | None
    stationary: bool


class StatedMutation(TypedDict):
    """The mutation models of mothers and of fathers."""

    female: StatedModel
    male: StatedModel


def marker_set(markers: Mapping[str, Mapping[str, str]], mutation: Mapping[str, StatedMutation]) -> MarkerSet:
    """The markers of a table; rounded figures are divided by their sum.

    Raises:
        WrongKind: a figure is not a number.
        BadChoice: there is no such mutation model, or it is of a marker that the table does not have.
        BadMarker, BadMutationModel: figures with which nothing can be computed.
    """
    for name in mutation:
        if name not in markers:
            raise BadChoice("mutation", name, list(markers))
    return MarkerSet(tuple(_marker(name, alleles, mutation.get(name)) for name, alleles in markers.items()))


def _marker(name: str, alleles: Mapping[str, str], stated: StatedMutation | None) -> Marker:
    mutation = Mutation(female=_model(stated["female"]), male=_model(stated["male"])) if stated else None
    values = {allele: _number(name, value) for allele, value in alleles.items()}
    where = chromosome_of(name) or Chromosome.AUTOSOMAL
    if abs(sum(values.values()) - 1) < _EXACT:
        return Marker(name, tuple(values), tuple(values.values()), where, mutation)
    return Marker.normalised(name, values, chromosome=where, mutation=mutation)


def _model(stated: StatedModel) -> MutationModel:
    kinds = [kind.value for kind in MutationKind]
    if stated["model"] not in kinds:
        raise BadChoice("model", stated["model"], kinds)
    matrix = stated["matrix"]
    return MutationModel(
        MutationKind(stated["model"]),
        rate=_number("rate", stated["rate"]),
        rate2=_number("rate2", stated["rate2"]),
        range=_number("range", stated["range"]),
        stated=None if matrix is None else tuple(tuple(_number("matrix", v) for v in row) for row in matrix),
        stationary=stated["stationary"],
    )


def _number(name: str, text: str) -> float:
    if not _NUMBER.fullmatch(text):
        raise WrongKind(name, text, sentence("a number, as 0.0123"))
    return float(text)
