"""Numbers as every room knows them; the rule itself stands below all rooms, where importers can reach it."""

from dokaz.numbers import TYPES, Number, check_character, number, parse_number

__all__ = ["TYPES", "Number", "check_character", "number", "parse_number"]
