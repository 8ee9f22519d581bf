"""The form in which a process that read hostile bytes answers: values of known kinds, and nothing that can act.

It is Python's own serialisation with the one door shut through which it can run anything: what an answer names must be a
value of Dokaz (a dataclass, a choice, a deliberate error) or one of a few plain kinds of the standard library; otherwise it
is refused. An exception of a library that is part of a sentence is written as what it says.
"""

from __future__ import annotations

import copyreg
import importlib
import pickle
from dataclasses import is_dataclass
from enum import Enum
from types import MappingProxyType
from typing import IO, Any
from zoneinfo import ZoneInfo

import numpy as np
from django.apps import apps
from django.utils.functional import Promise

from dokaz.errors import DokazError, Sentence

_PLAIN = {
    "builtins": {"bool", "bytearray", "complex", "dict", "float", "frozenset", "int", "list", "set", "str", "tuple"},
    "collections": {"Counter", "OrderedDict"},
    "datetime": {"date", "datetime", "time", "timedelta", "timezone"},
    "decimal": {"Decimal"},
    "fractions": {"Fraction"},
    "pathlib": {"PosixPath", "PurePosixPath"},
    "uuid": {"UUID"},
    "zoneinfo": {"ZoneInfo"},
}


def write(file: IO[bytes], value: Any, refused: DokazError | None) -> None:
    """Write what a function gave, or what it refused."""
    _Writer(file, protocol=5).dump((value, refused))


def read(file: IO[bytes]) -> tuple[Any, DokazError | None]:
    """What was given or refused.

    Raises:
        UnpicklingError: the answer names something that is no value.
    """
    value, refused = _Reader(file).load()
    if refused is not None and not isinstance(refused, DokazError):
        raise pickle.UnpicklingError("an answer refuses with something that is no refusal")
    return value, refused


def array(dtype: str, shape: tuple[int, ...], data: bytes) -> np.ndarray:
    """An array of numbers; one of objects is refused by numpy itself."""
    return np.frombuffer(data, np.dtype(dtype)).reshape(shape).copy()


class _Writer(pickle.Pickler):
    def reducer_override(self, value: Any) -> Any:
        if isinstance(value, DokazError):
            return copyreg.__newobj__, (type(value), *value.args), vars(value)  # type: ignore[attr-defined]
        if isinstance(value, BaseException | Promise):
            return str, (str(value),)
        if isinstance(value, MappingProxyType):
            return dict, (dict(value),)
        if isinstance(value, ZoneInfo):
            return ZoneInfo, (value.key,)
        if isinstance(value, np.ndarray):
            return array, (value.dtype.str, value.shape, value.tobytes())
        if isinstance(value, np.generic):
            return type(value.item()), (value.item(),)
        return NotImplemented


class _Reader(pickle.Unpickler):
    def find_class(self, module: str, name: str) -> Any:
        if name in _PLAIN.get(module, ()) or (module, name) == (__name__, array.__name__):
            return super().find_class(module, name)
        if _is_ours(module):
            found = getattr(importlib.import_module(module), name, None)
            if isinstance(found, type) and (is_dataclass(found) or issubclass(found, _VALUES)):
                return found
        raise pickle.UnpicklingError(f"an answer names {module}.{name}, which is no value")


#: Kinds of values of ours beside dataclasses, and what Dokaz installs and did not write.
_VALUES = (Enum, DokazError, Sentence)
_FOREIGN = {"allauth", "django"}


def _is_ours(module: str) -> bool:
    """Whether a module is part of Dokaz, or of a room that was added to it."""
    return module.split(".")[0] in {each.name.split(".")[0] for each in apps.get_app_configs()} - _FOREIGN
