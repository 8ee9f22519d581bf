"""A page with a view of its own, because something is drawn on it or handed out: pictures, files, a search, a hub."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.functional import Promise


@dataclass(frozen=True, slots=True, kw_only=True)
class DrawnPage:
    """A page that a function of its room draws.

    Args:
        name: Of its address.
        at: The route.
        open_to: The offices to which it exists.
        draw: Is handed the request and what the route names.
        stop: The stop on the rail that it lights; empty: the first of its room.
        label, under: Its name on the way to what lies below it, and the page above it.
        act, title: The act that is performed here, where it is the page of one, and what buttons that lead here say.
        to_nobody: Whether it also answers somebody who has signed in and holds no office.
    """

    name: str
    at: str
    open_to: frozenset[str]
    draw: Callable[..., HttpResponseBase]
    stop: str = ""
    label: str | Promise = ""
    under: str = ""
    act: Callable[..., Any] | None = None
    title: str | Promise = ""
    to_nobody: bool = False

    def answer(self, request: HttpRequest, **arguments: Any) -> HttpResponseBase:
        """The page."""
        return self.draw(request, **arguments)
