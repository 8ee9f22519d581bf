"""Declares acts: what each is called, who may perform it, how it is signed, what histories say that it did."""

from __future__ import annotations

import functools
import importlib
import inspect
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ParamSpec, TypeVar, cast

from django.apps import apps
from django.core.exceptions import ImproperlyConfigured
from django.utils.functional import Promise
from django.utils.module_loading import module_has_submodule

from dokaz.casework.arguments import check_arguments
from dokaz.casework.effects import Changes, Effect, Makes
from dokaz.casework.records import Record
from dokaz.casework.roles import Role, SignatureRule
from dokaz.errors import NotInOffice, PartOfAnAct, UnknownAct

if TYPE_CHECKING:
    from dokaz.casework.filing import Filing

P = ParamSpec("P")
R = TypeVar("R")


@dataclass(frozen=True)
class Act:
    """What an act is called, who may perform it, how it is signed, and what histories say that it did."""

    name: str
    roles: frozenset[str]
    signing: SignatureRule | None
    past: Promise
    summary: str
    module: str
    files: tuple[Effect, ...] = ()

    def effect_on(self, record: Record) -> Effect | None:
        """What the act may file of a record: the birth of a new one, or the change of an older one; None: nothing."""
        sort = Makes if record.version == 0 else Changes
        return next((one for one in self.files if isinstance(one, sort) and isinstance(record, one.kind)), None)


_REGISTRY: dict[str, Act] = {}


@functools.cache
def _register_all() -> None:
    """Import the acts of every room, one outside Dokaz too, so that the registry is whole whoever asks."""
    for room in apps.get_app_configs():
        if module_has_submodule(room.module, "acts"):
            importlib.import_module(f"{room.name}.acts")


def acts() -> dict[str, Act]:
    """Every act of the installed rooms, by name."""
    _register_all()
    return dict(_REGISTRY)


def act_named(name: str) -> Act:
    """The act of that name.

    Raises:
        UnknownAct: there is none.
    """
    _register_all()
    if name not in _REGISTRY:
        raise UnknownAct(name)
    return _REGISTRY[name]


def name_of(function: Callable[..., Any]) -> str:
    """What an act is called, by its function: ``room.name``."""
    return f"{function.__module__.removeprefix('dokaz.').split('.')[0]}.{function.__name__}"


def done_in_words(name: str) -> str | Promise:
    """What an act did, as histories tell it; the name itself of an act that this version does not have."""
    known = acts()
    return known[name].past if name in known else name


def signature_rule(name: str) -> SignatureRule:
    """How an act is signed.

    Raises:
        UnknownAct: there is no act of that name, or nobody signs it.
    """
    rule = act_named(name).signing
    if rule is None:
        raise UnknownAct(name)
    return rule


def act(
    *,
    roles: Iterable[str],
    past: Promise,
    files: Iterable[Effect] = (),
    signed: SignatureRule | None = None,
    part_of: str = "",
) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Make a function an act: registered by ``room.name``, open to some offices, and handed a ``Filing``.

    What it is handed is of the kinds that its annotations state (``dokaz.casework.arguments``).

    Args:
        roles: Offices to which the act is open, and in which it is signed.
        past: What histories say that it did, as ``_("reported missing")``.
        files: What it may file itself, as ``makes(...)`` and ``changes(...)`` say; a filing refuses anything else.
        signed: How it is signed, if it is.
        part_of: The acts without which it is refused, by name, divided by spaces; ``*`` for whatever act.
    """

    def decorate(function: Callable[P, R]) -> Callable[P, R]:
        name = name_of(function)
        allowed = frozenset(str(r) for r in roles)
        if allowed - set(Role.values):
            raise ImproperlyConfigured(f"{name} is open to {sorted(allowed)}, which are not all roles")
        untyped = [each for each in inspect.signature(function).parameters if each not in function.__annotations__]
        if untyped:
            raise ImproperlyConfigured(f"{name}: {', '.join(untyped)} without a kind, so nothing could be checked")
        if name in _REGISTRY and _REGISTRY[name].module != function.__module__:
            raise ImproperlyConfigured(f"{name} is declared in {_REGISTRY[name].module} and in {function.__module__}")
        summary = (function.__doc__ or "").strip().split("\n")[0]
        declared = Act(name, allowed, signed, past, summary, function.__module__, tuple(files))
        _REGISTRY[name] = declared
        signature, wholes = inspect.signature(function), part_of.split()

        @functools.wraps(function)
        def wrapper(*args: P.args, **kwargs: P.kwargs) -> R:
            arguments = signature.bind(*args, **kwargs).arguments
            work = cast("Filing", arguments["filing"])
            if work.by.role not in allowed:
                raise NotInOffice(name, Role(work.by.role), [Role(role) for role in sorted(allowed)])
            running = [each.name for each in work._acts]
            if wholes and not set(wholes) & {*running[-1:], "*" if running else ""}:
                raise PartOfAnAct(name, wholes)
            check_arguments(function, arguments, work.must_be_newest)
            with work._doing(declared):
                return function(*args, **kwargs)

        return wrapper

    return decorate
