"""No untranslated string lands."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

ROOT = Path(__file__).resolve().parents[3]


def tool() -> ModuleType:
    spec = importlib.util.spec_from_file_location("translations", ROOT / "tools" / "translations.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["translations"] = module
    spec.loader.exec_module(module)
    return module


def test_every_string_is_translated_into_ukrainian() -> None:
    assert tool().faults("uk") == []


def test_strings_are_found_in_templates_and_in_python() -> None:
    one = tool()
    counted = "{% blocktranslate count n=n %}{{ n }} unit{% plural %}{{ n }} units{% endblocktranslate %}"
    template = '{% translate "It\'s here" %}' + counted
    assert {(said.message, said.plural) for said in one.in_template(template, "x")} == {
        ("It's here", ""),
        ("%(n)s unit", "%(n)s units"),
    }
    python = (
        'x = gettext("a" "b")\ny = ngettext("one", "many", n)\nz = pgettext_lazy("noun", "file")\nw = gettext(name)'
    )
    assert {(said.context, said.message, said.plural) for said in one.in_python(python, "x")} == {
        ("", "ab", ""),
        ("", "one", "many"),
        ("noun", "file", ""),
    }
