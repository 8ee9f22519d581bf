"""What a constitution may be, stated a second time from docs/ledger-format.md alone; for the naive twin.

Of the verifier it reads ``standard.json``, which is data.
"""

from __future__ import annotations

import base64
import json
from pathlib import Path
from typing import Any

from naive_forms import RULES, TYPES, Refused, is_count, is_like, must, same, sha

STANDARD: dict[str, Any] = json.loads(
    (Path(__file__).resolve().parents[3] / "verifier" / "src" / "dokaz_verify" / "standard.json").read_text("utf-8")
)


def must_be_a_constitution(rules: Any) -> None:
    must(isinstance(rules, dict) and rules.keys() == {"acts", "kinds", "v"} and same(rules["v"], 2), "no constitution")
    for kind, says in rules["kinds"].items():
        must(is_like(r"[a-z][a-z0-9_]*\.[A-Z][A-Za-z0-9]*", kind), "a kind of another name")
        must(isinstance(says, dict) and says.keys() == {"fields", "open"}, "a kind of another form")
        must(all(field.get("type") in TYPES for field in says["fields"].values()), "a type that nobody knows")
        must(set(says["open"]) <= says["fields"].keys(), "an open field that is none")
    for act, says in rules["acts"].items():
        must(is_like(r"[a-z][a-z0-9_]*\.[a-z][a-z0-9_]*", act), "an act of another name")
        must(
            isinstance(says, dict) and says.keys() == {"assents", "files", "offices", "signed_by"},
            "an act of another form",
        )
        must(is_count(says["assents"]) and says["signed_by"] in ("person", "session"), "an act of another form")
        for kind, effects in says["files"].items():
            must(kind in rules["kinds"] and effects.keys() <= {"new", "change"}, "an act files what it cannot")
            for sort, effect in effects.items():
                stateful = "state" in rules["kinds"][kind]["fields"]
                must(sort == "change" or bool(effect["states"]) == stateful, "a state without a declared birth")
                must(all(rule.get("rule") in RULES for rule in effect["rules"]), "a rule that nobody knows")


def must_add_only(rules: Any) -> None:
    """A log may add to the standard: kinds, and acts that file these kinds only."""
    added = rules["kinds"].keys() - STANDARD["kinds"].keys()
    for kind, says in STANDARD["kinds"].items():
        found = rules["kinds"].get(kind)
        must(found and same(found["fields"], says["fields"]), f"the constitution changes {kind}")
        must(set(found["open"]) >= set(says["open"]), f"the constitution closes fields of {kind}")
    for act, says in STANDARD["acts"].items():
        found = rules["acts"].get(act)
        must(found, f"the constitution lacks {act}")
        files = {kind: effects for kind, effects in found["files"].items() if kind not in added}
        must(same({**found, "files": files}, says), f"the constitution changes {act}")
    for act, says in rules["acts"].items():
        must(act in STANDARD["acts"] or says["files"].keys() <= added, f"the added {act} files a kind of the standard")


def must_be_a_log_key(key: Any, before: list[str]) -> None:
    """A key of this log, ``<name>+<hash>+<base64>``, which never signed it before."""
    must(isinstance(key, str) and key.count("+") >= 2, "no key of a log")
    name, shown, encoded = key.split("+", 2)
    try:
        raw = base64.b64decode(encoded, validate=True)
    except ValueError:
        raise Refused("no key of a log") from None
    must(base64.b64encode(raw).decode() == encoded and raw[:1] == b"\1" and len(raw) == 33, "no key of a log")
    must(sha(name.encode() + b"\n" + raw)[:8] == shown, "the hash of another key")
    must(name == before[0].split("+")[0] and key not in before, "a key of another log, or one that was revoked")
