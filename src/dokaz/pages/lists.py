"""Long lists: searched, filtered, ordered and paged, and counted once for every state of the ledger.

A page is fetched in two steps, first the keys of its lines and then the lines themselves, so that the fiftieth thousandth
line costs as much as the first.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django.core.cache import cache
from django.core.exceptions import EmptyResultSet
from django.core.paginator import Page, Paginator
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils.functional import cached_property

from dokaz.casework import journal
from dokaz.casework.alphabet import InAlphabet
from dokaz.casework.store import current_store

PER_PAGE = 50
_LONGEST_SEARCH = 100


def once_per_filing(key: str, compute: Callable[[], Any]) -> Any:
    """A figure computed from records: computed anew only when something was filed since.

    Args:
        key: What is computed, with everything that it depends on besides the records.
    """
    whole = f"{current_store().path}|{journal.size()}|{key}"
    name = hashlib.sha256(whole.encode()).hexdigest()
    found = cache.get(name)
    if found is None:
        found = (compute(),)
        cache.set(name, found, 24 * 60 * 60)
    return found[0]


class LongList(Paginator):  # type: ignore[type-arg]
    """A query in pages; its count is remembered until something is filed."""

    def __init__(self, query: QuerySet[Any], *, fetch: Callable[[QuerySet[Any]], QuerySet[Any]] | None = None) -> None:
        super().__init__(query, PER_PAGE)
        self.query, self.fetch = query, fetch

    @cached_property
    def count(self) -> int:
        """How many lines there are in all."""
        try:
            sql, parameters = self.query.query.sql_with_params()
        except EmptyResultSet:
            return 0
        return int(once_per_filing(f"count {sql} {parameters}", self.query.order_by().count))

    def page(self, number: int | str) -> Any:
        """One page, its lines with everything that they show of other records."""
        number = self.validate_number(number)
        first = (number - 1) * self.per_page
        keys = list(self.query.values_list("pk", flat=True)[first : first + self.per_page])
        lines = self.query.model._base_manager.filter(pk__in=keys)
        found = {line.pk: line for line in (self.fetch(lines) if self.fetch else lines)}
        return Page([found[key] for key in keys if key in found], number, self)


def page_of(
    request: HttpRequest,
    query: QuerySet[Any],
    *,
    orders: Mapping[str, Sequence[str | InAlphabet]],
    fetch: Callable[[QuerySet[Any]], QuerySet[Any]] | None = None,
) -> Any:
    """The page that the address asks for (``page``), in the order that it asks for; the nearest there is."""
    return in_order(request, query, orders=orders, fetch=fetch).get_page(request.GET.get("page"))


def in_order(
    request: HttpRequest,
    query: QuerySet[Any],
    *,
    orders: Mapping[str, Sequence[str | InAlphabet]],
    fetch: Callable[[QuerySet[Any]], QuerySet[Any]] | None = None,
) -> LongList:
    """All lines, in the order that the address asks for (``order``).

    Args:
        orders: Column → fields; the first is the order that holds where none is asked for.
        fetch: Adds to a query what the lines show of other records.
    """
    asked = request.GET.get("order", "")
    fields = orders.get(asked.removeprefix("-")) or next(iter(orders.values()))
    if asked.startswith("-"):
        fields = [_backwards(field) for field in fields]
    return LongList(query.order_by(*fields), fetch=fetch)


def _backwards(field: str | InAlphabet) -> Any:
    if isinstance(field, InAlphabet):
        return field.desc()
    return field.removeprefix("-") if field.startswith("-") else f"-{field}"


def searched(request: HttpRequest) -> str:
    """What was typed into the search field."""
    return request.GET.get("q", "").strip()[:_LONGEST_SEARCH]


def matching(words: str, *fields: str) -> Q:
    """Every word in one of the fields, whatever its capitals.

    SQLite compares only Latin letters without regard to capitals; the spellings that occur are therefore named one by one.
    """
    wanted = Q()
    for word in words.split():
        spellings = {word, word.lower(), word.upper(), word.capitalize()}
        either = Q()
        for field in fields:
            for spelling in sorted(spellings):
                either |= Q(**{f"{field}__contains": spelling})
        wanted &= either
    return wanted
