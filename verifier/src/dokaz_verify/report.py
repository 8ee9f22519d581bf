"""The report: the verdict in a person's words, or as JSON for a program.

Values come from a bundle that may have been made to deceive. Control characters, invisible characters and those that
turn the direction of writing are shown as code points, so that no value can move the cursor, hide a line or imitate a
verdict.
"""

from __future__ import annotations

import json
import unicodedata
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from dokaz_verify import english, ukrainian
from dokaz_verify.erasure import Erased
from dokaz_verify.faults import Fault
from dokaz_verify.manifest import Withheld
from dokaz_verify.topics import TOPIC_OF, TOPICS
from dokaz_verify.verdict import Verdict

LANGUAGES = {"en": english, "uk": ukrainian}
SHOWN_OF_A_SORT = 10
SHOWN_WITHHELD = 20
_LONGEST = 300

# Other, but not unassigned: control, format, surrogate, private use; and the separators of lines and paragraphs.
_UNSAFE = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}


def plain(value: object) -> str:
    """A value as a terminal may be given it: one line, no control characters, not too long."""
    text = str(value)
    cut = text if len(text) <= _LONGEST else text[:_LONGEST] + "…"
    return "".join(f"\\u{{{ord(c):x}}}" if unicodedata.category(c) in _UNSAFE else c for c in cut)


def sentence(fault: Fault, language: str) -> str:
    """What is wrong, in one sentence."""
    words: Any = LANGUAGES[language]
    values = {name: plain(value) for name, value in fault.values.items()}
    if "reason" in fault.values:
        values["reason"] = words.REASONS[fault.values["reason"]].format_map(values)
    return str(words.FAULTS[fault.code].format_map(values))


def as_text(verdict: Verdict, language: str) -> Iterator[str]:
    """The report, line by line.

    Args:
        verdict: What was found.
        language: ``en`` or ``uk``.
    """
    say: Mapping[str, Any] = LANGUAGES[language].PHRASES
    count = verdict.counts.total()
    if verdict.verified:
        of = "verified-store" if verdict.of_a_store else "verified"
        yield say[of if verdict.key_from_outside else f"{of}-inside"]
    else:
        yield say["faulty"].format(count=count)
    if verdict.is_trial:
        yield say["trial"]
    yield ""
    yield from _what(verdict, say)
    yield ""
    yield from _key(verdict, say)
    if not verdict.verified:
        yield from _faults(verdict, language)
    yield ""
    if not verdict.of_a_store:
        yield from _withheld(verdict, say)
    yield from _erased(verdict, say)
    yield ""
    yield say["limits-head"]
    for limit in say["limits"]:
        yield f"  - {limit}"


def as_json(verdict: Verdict, language: str) -> str:
    """The report as JSON, ASCII only. Members are added, never renamed.

    Args:
        verdict: What was found.
        language: Of the sentences: ``en`` or ``uk``.
    """
    topics = LANGUAGES[language].TOPICS
    manifest = verdict.manifest

    def kept_back(row: Withheld) -> dict[str, Any]:
        return {"what": row.what, "index": row.index, "code": row.code, "authority": row.authority}

    return json.dumps(
        {
            "verdict": "verified" if verdict.verified else "not verified",
            "trial": verdict.is_trial,
            "founders": verdict.founders,
            "head_at": verdict.head_at,
            "entries": {
                "in_bundle": verdict.entries,
                "in_log": verdict.log_size,
                "whole_log": verdict.whole_log,
                "filed_meanwhile": verdict.filed_meanwhile,
            },
            "bundle": manifest
            and {
                "files": len(manifest.files),
                "investigation": manifest.investigation,
                "made_at": manifest.made_at,
                "origin": manifest.origin,
                "purpose": manifest.purpose,
            },
            "key": verdict.key
            and {
                "from": "outside" if verdict.key_from_outside else "inside the bundle",
                "key": verdict.key.text,
                "fingerprint": verdict.key.fingerprint,
                "revoked": [each.text for each in verdict.earlier_keys],
            },
            "constitution": verdict.constitution
            and {
                "sha256": verdict.constitution,
                "standard": not (verdict.differences.added or verdict.differences.changed),
                "added": list(verdict.differences.added),
                "changed": list(verdict.differences.changed),
            },
            "faults": [
                {
                    "code": fault.code,
                    "topic": TOPIC_OF[fault.code],
                    "file": fault.file or None,
                    "index": fault.index,
                    "record": fault.record or None,
                    "kind": fault.kind or None,
                    "version": fault.version,
                    "act": fault.act or None,
                    "values": fault.values,
                    "says": sentence(fault, language),
                    "means": topics[TOPIC_OF[fault.code]][1],
                    "does_not_prove": topics[TOPIC_OF[fault.code]][2],
                }
                for fault in verdict.faults
            ],
            "fault_counts": dict(verdict.counts),
            "withheld": [kept_back(row) for row in verdict.withheld],
            "withheld_files": [kept_back(row) for row in verdict.withheld_files],
            "erased": [vars(row) for row in verdict.erased],
            "limits": list(LANGUAGES[language].PHRASES["limits"]),
        },
        indent=1,
    )


def _what(verdict: Verdict, say: Mapping[str, Any]) -> Iterator[str]:
    manifest, size = verdict.manifest, verdict.log_size
    if manifest:
        yield say["bundle"].format(purpose=plain(manifest.purpose))
        yield say["made"].format(made_at=plain(manifest.made_at))
        yield say["investigation"].format(investigation=plain(manifest.investigation))
        yield say["log"].format(origin=plain(manifest.origin), size=size if size is not None else "?")
        if verdict.whole_log:
            yield say["shown-all"].format(shown=verdict.entries, size=size)
        elif size is not None:
            yield say["shown-some"].format(shown=verdict.entries, size=size, rest=max(size - verdict.entries, 0))
        if verdict.filed_meanwhile:
            yield say["meanwhile"].format(count=verdict.filed_meanwhile)
        yield say["files"].format(count=len(manifest.files))
    elif verdict.of_a_store and verdict.key:
        yield say["store-log"].format(origin=plain(verdict.key.name), size=verdict.shown_size)
    if verdict.head_at:
        yield say["head"].format(head_at=plain(verdict.head_at))
    if verdict.constitution:
        added, changed = verdict.differences.added, verdict.differences.changed
        which = "own" if changed else "added" if added else "standard"
        digest = " ".join(verdict.constitution[i : i + 8] for i in range(0, 64, 8))
        yield say[f"constitution-{which}"].format(digest=digest, added=_some(added), changed=_some(changed))


def _some(names: tuple[str, ...]) -> str:
    shown = ", ".join(names[:SHOWN_WITHHELD])
    return plain(shown if len(names) <= SHOWN_WITHHELD else f"{shown} … ({len(names)})")


def _key(verdict: Verdict, say: Mapping[str, Any]) -> Iterator[str]:
    if verdict.key is None:
        yield say["no-key"]
        return
    inside = "key-inside-store" if verdict.of_a_store else "key-inside"
    yield say["key-outside" if verdict.key_from_outside else inside]
    print_ = verdict.key.fingerprint
    yield say["fingerprint"].format(fingerprint=" ".join(print_[i : i + 8] for i in range(0, 64, 8)))
    yield say["key"].format(key=plain(verdict.key.text))
    if verdict.earlier_keys:
        yield say["keys-revoked"].format(count=len(verdict.earlier_keys), first=plain(verdict.earlier_keys[0].text))


def _faults(verdict: Verdict, language: str) -> Iterator[str]:
    words = LANGUAGES[language]
    for topic in TOPICS:
        of_topic = [fault for fault in verdict.faults if TOPIC_OF[fault.code] == topic]
        if not of_topic:
            continue
        heading, means, not_proof = words.TOPICS[topic]
        yield ""
        yield f"== {heading} =="
        shown: Counter[str] = Counter()
        for fault in of_topic:
            shown[fault.code] += 1
            if shown[fault.code] <= SHOWN_OF_A_SORT:
                yield from _fault(fault, language)
        for code in shown:
            rest = verdict.counts[code] - SHOWN_OF_A_SORT
            if rest > 0:
                yield f"  {words.PHRASES['more'].format(count=rest)} ({code})"
        yield words.PHRASES["means"].format(text=means)
        yield words.PHRASES["not-proof"].format(text=not_proof)


def _fault(fault: Fault, language: str) -> Iterator[str]:
    say: Mapping[str, Any] = LANGUAGES[language].PHRASES
    where = [plain(fault.file)] if fault.file else []
    if fault.index is not None:
        where.append(say["where-entry"].format(index=fault.index))
    yield f"* {sentence(fault, language)} [{fault.code}]"
    if where:
        yield f"    {', '.join(where)}"
    if fault.record:
        named = {n: plain(getattr(fault, n)) for n in ("kind", "record", "version", "act")}
        yield f"    {say['where-record'].format(**named)}"


def _withheld(verdict: Verdict, say: Mapping[str, Any]) -> Iterator[str]:
    fields, files = verdict.withheld, verdict.withheld_files
    if not fields and not files:
        yield say["withheld-none"]
        return
    yield say["withheld-head"].format(fields=len(fields), files=len(files))
    by_ground: dict[tuple[str, str], list[Withheld]] = {}
    for row in fields + files:
        by_ground.setdefault((row.code, row.authority), []).append(row)
    # A bundle made to harm could give a million grounds.
    for (code, authority), rows in sorted(by_ground.items())[: SHOWN_WITHHELD * 5]:
        yield f"  {say['withheld-row'].format(code=plain(code), authority=plain(authority), count=len(rows))}"
        for row in rows[:SHOWN_WITHHELD]:
            yield f"    {say['withheld-entry'].format(index=row.index, what=plain(row.what))}"
        if len(rows) > SHOWN_WITHHELD:
            yield f"    {say['more'].format(count=len(rows) - SHOWN_WITHHELD)} (--json)"
    if len(by_ground) > SHOWN_WITHHELD * 5:
        yield f"  {say['more'].format(count=len(by_ground) - SHOWN_WITHHELD * 5)} (--json)"


def _erased(verdict: Verdict, say: Mapping[str, Any]) -> Iterator[str]:
    if not verdict.erased:
        yield say["erased-none"]
        return
    yield say["erased-head"].format(fields=len(verdict.erased))
    by_order: dict[tuple[str, str, str], list[Erased]] = {}
    for row in verdict.erased:
        by_order.setdefault((row.order, row.authority, row.document), []).append(row)
    for (order, authority, document), rows in sorted(by_order.items())[: SHOWN_WITHHELD * 5]:
        told = {"order": plain(order), "authority": plain(authority), "document": plain(document), "count": len(rows)}
        yield f"  {say['erased-row'].format(**told)}"
        for row in rows[:SHOWN_WITHHELD]:
            yield f"    {say['erased-entry'].format(index=row.index, name=plain(row.name))}"
        if len(rows) > SHOWN_WITHHELD:
            yield f"    {say['more'].format(count=len(rows) - SHOWN_WITHHELD)} (--json)"
    if len(by_order) > SHOWN_WITHHELD * 5:
        yield f"  {say['more'].format(count=len(by_order) - SHOWN_WITHHELD * 5)} (--json)"
