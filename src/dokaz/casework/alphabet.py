"""The order of the alphabet, the same in SQLite, in PostgreSQL and in Python, whatever the machine's locale.

A database by itself sorts by code point, where І, Ї and Є stand before А, or by a locale that another machine lacks. Each
letter is therefore put in its place in the alphabet before texts are compared: digits and signs first, then Cyrillic, then
Latin, capitals like small letters.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from django.db.models import Func, TextField, Value
from django.db.models.functions import Collate

# The Ukrainian alphabet; the letters of other Cyrillic alphabets that occur in names stand beside their likes.
_LETTERS = "абвгґдеёєжзиіїйклмнопрстуўфхцчшщъыьэюя" + "abcdefghijklmnopqrstuvwxyz"
# In a range of Unicode that no text uses, above every digit and sign.
_PLACES = "".join(chr(0xE000 + place) for place in range(len(_LETTERS)))
_FROM, _TO = _LETTERS + _LETTERS.upper(), _PLACES * 2
_TABLE = str.maketrans(_FROM, _TO)


@lru_cache(maxsize=100_000)
def place_in_alphabet(text: str) -> str:
    """A text that sorts, by code point, where the given one stands in the alphabet."""
    return text.translate(_TABLE)


class InAlphabet(Func):
    """Orders a query by a text field as the alphabet goes: ``order_by(InAlphabet("name"), "number")``."""

    function = "place_in_alphabet"
    arity = 1
    output_field: TextField[str, str] = TextField()

    def as_postgresql(self, compiler: Any, connection: Any, **context: Any) -> Any:
        translated = Func(*self.source_expressions, Value(_FROM), Value(_TO), function="translate")
        return Collate(translated, "C").as_sql(compiler, connection, **context)


def teach(connection: Any, **_: object) -> None:
    """Teach a connection that was opened the order of the alphabet; PostgreSQL has what is needed."""
    if connection.vendor == "sqlite":
        connection.connection.create_function(
            "place_in_alphabet", 1, lambda text: None if text is None else place_in_alphabet(text), deterministic=True
        )
