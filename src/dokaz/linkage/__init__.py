"""Who is who: people of two lists, or of one, as they are written, and how likely two of them are one person."""

from dokaz.linkage.blocking import Blocks
from dokaz.linkage.comparing import words
from dokaz.linkage.constraints import (
    Circumstances,
    Fact,
    Grouping,
    Violated,
    facts_against,
    group_under_facts,
    what_speaks_against,
)
from dokaz.linkage.evaluation import Evaluation, evaluate
from dokaz.linkage.grouping import grouped
from dokaz.linkage.linking import Linked, Missed, bits_of, link, missed, nobody_twice, one_to_one, train, with_rivals
from dokaz.linkage.people import FIELDS, Lists, Written, name_parts, prepare
from dokaz.linkage.weights import Weights, probability

__all__ = [
    "FIELDS",
    "Blocks",
    "Circumstances",
    "Evaluation",
    "Fact",
    "Grouping",
    "Linked",
    "Lists",
    "Missed",
    "Violated",
    "Weights",
    "Written",
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
