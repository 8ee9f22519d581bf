"""Who is who: people of two lists, or of one, as they are written, and how likely two of them are one person."""

from dokaz.linkage.blocking import Blocks
from dokaz.linkage.comparing import words
from dokaz.linkage.constraints import (
    EntryCircumstances,
    EntryFact,
    Grouping,
    Violated,
    facts_against,
    group_under_facts,
    what_speaks_against,
)
from dokaz.linkage.evaluation import Evaluation, evaluate
from dokaz.linkage.grouping import grouped
from dokaz.linkage.linking import Linked, Missed, bits_of, link, missed, nobody_twice, one_to_one, train, with_rivals
from dokaz.linkage.people import FIELDS, Listed, Lists, name_parts, prepare
from dokaz.linkage.weights import Weights, probability

__all__ = [
    "FIELDS",
    "Blocks",
    "EntryCircumstances",
    "Evaluation",
    "EntryFact",
    "Grouping",
    "Linked",
    "Lists",
    "Missed",
    "Violated",
    "Weights",
    "Listed",
    "bits_of",
    "evaluate",
    "facts_against",
    "group_under_facts",
    "grouped",
    "link",
    "missed",
    "name_parts",
    "nobody_twice",
    "one_to_one",
    "prepare",
    "probability",
    "train",
    "what_speaks_against",
    "with_rivals",
    "words",
]
