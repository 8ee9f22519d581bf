"""Changes of a history that mean something: who, what, which record, in which state, in which order, when, with whose key.

Each takes drafts and changes them in place; ``pick`` chooses one of a sequence. What was changed is signed by whoever it
names, as if everybody had been deceived or had agreed: so the rules are tried, and not only the signatures. Now and then it
is signed with another key, or not at all.
"""

from __future__ import annotations

import base64
import copy
import random
import uuid
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from builder import Key, canonical, sha
from drafts import Draft, Drafts

Pick = Callable[[Sequence[Any]], Any]
Mutation = Callable[[Drafts, Pick], None]

LOOK_ALIKE: list[Callable[[Any], Any]] = [
    lambda value: str(value).capitalize(),
    lambda value: f"{value} ",
    lambda value: str(value).replace("c", "с").replace("e", "е", 1),  # Cyrillic
    lambda value: f"{value}\u200b",
    lambda value: f"\u202e{value}",
    lambda value: [value],
    lambda value: {"state": value},
    lambda value: not value,
    lambda value: 1,
    lambda value: None,
    lambda value: str(value).upper(),
]


def time_of(text: str) -> datetime:
    return datetime.strptime(text, "%Y-%m-%dT%H:%M:%SZ")


def as_text(time: datetime) -> str:
    return time.strftime("%Y-%m-%dT%H:%M:%SZ")


# --- who --------------------------------------------------------------------------------------------------------------


def another_acts(drafts: Drafts, pick: Pick) -> None:
    row = _later(drafts, pick)
    row.by = pick(drafts.people)


def key_of_another(drafts: Drafts, pick: Pick) -> None:
    row = _later(drafts, pick)
    row.by = replace(row.by, key=pick(drafts.people).key)


def office_of_another(drafts: Drafts, pick: Pick) -> None:
    row = _later(drafts, pick)
    row.by = replace(row.by, office=pick(drafts.people).office)


def signed_by_another(drafts: Drafts, pick: Pick) -> None:
    _later(drafts, pick).signs = pick(drafts.people).key


def signed_by_nobody(drafts: Drafts, pick: Pick) -> None:
    row = _later(drafts, pick)
    row.signs = ""
    row.header["signature"] = base64.b64encode(bytes([pick([0, 1])]) * 64).decode()


def another_person_is_named(drafts: Drafts, pick: Pick) -> None:
    row, name = _field(drafts, pick, lambda said: said.get("kind") == "casework.Person")
    row.fields[name] = pick(drafts.people).person


# --- which record -----------------------------------------------------------------------------------------------------


def of_another_record(drafts: Drafts, pick: Pick) -> None:
    row = _later(drafts, pick)
    row.record = pick(_records(drafts, row.kind)) if pick([True, True, False]) else pick(drafts.rows).record


def points_elsewhere(drafts: Drafts, pick: Pick) -> None:
    row, name = _field(drafts, pick, lambda said: said["type"] in ("record", "records", "things", "uuid"))
    row.fields[name] = _pointing(drafts, row, name, pick)


def points_to_none(drafts: Drafts, pick: Pick) -> None:
    row, name = _field(drafts, pick, lambda said: said["type"] in ("record", "records", "things", "uuid"))
    row.fields[name] = pick([None, str(uuid.UUID(int=7)), row.record, [], ""])


# --- what -------------------------------------------------------------------------------------------------------------


def in_another_state(drafts: Drafts, pick: Pick) -> None:
    rows = [row for row in drafts.rows if "state" in _kind(drafts, row.kind)]
    row = pick(rows or drafts.rows)
    row.fields["state"] = pick(_kind(drafts, row.kind).get("state", {"values": ["certified"]})["values"])


def looks_alike(drafts: Drafts, pick: Pick) -> None:
    row, name = _field(
        drafts, pick, lambda said: said["type"] in ("choice", "boolean", "text", "record", "time", "date")
    )
    row.fields[name] = pick(LOOK_ALIKE)(row.fields[name])


def another_value(drafts: Drafts, pick: Pick) -> None:
    """Any field of the kind, changed or not by this act, to some value of its type."""
    row = _later(drafts, pick)
    fields = _kind(drafts, row.kind)
    if fields:
        name = pick(sorted(fields))
        row.fields[name] = _value(drafts, row, name, pick)


def another_act(drafts: Drafts, pick: Pick) -> None:
    row = _later(drafts, pick)
    acts = drafts.constitution["acts"]
    of_this_kind = sorted(act for act in acts if row.kind in acts[act]["files"])
    row.act = (
        pick(of_this_kind or sorted(acts)) if pick([True, True, False]) else pick([*sorted(acts), "casework.repair"])
    )


def another_kind(drafts: Drafts, pick: Pick) -> None:
    _later(drafts, pick).kind = pick([*sorted(drafts.constitution["kinds"]), "casework.Note"])


def one_field_more_or_less(drafts: Drafts, pick: Pick) -> None:
    row = _later(drafts, pick)
    if pick([True, False]):
        row.drop.append(pick(sorted(_kind(drafts, row.kind)) or ["reason"]))
    else:
        row.fields[pick(["State", "note_to_self", "stаte", "judge"])] = pick(["certified", "", None])


# --- order and time ---------------------------------------------------------------------------------------------------


def moved(drafts: Drafts, pick: Pick) -> None:
    rows = drafts.rows
    row = rows.pop(pick(range(5, len(rows))))
    rows.insert(pick(range(5, len(rows) + 1)), row)
    _tidy(drafts, pick)


def neighbours_swap(drafts: Drafts, pick: Pick) -> None:
    rows = drafts.rows
    at = pick(range(5, len(rows) - 1))
    rows[at], rows[at + 1] = rows[at + 1], rows[at]
    _tidy(drafts, pick)


def dropped(drafts: Drafts, pick: Pick) -> None:
    del drafts.rows[pick(range(pick([0, 5, 5, 5, 5]), len(drafts.rows)))]


def filed_twice(drafts: Drafts, pick: Pick) -> None:
    """The same once more: as the next version, or as another record of the same content."""
    row = drafts.rows[at := pick(range(len(drafts.rows)))]
    twin = replace(row, fields=dict(row.fields), header=dict(row.header), filing=pick([row.filing, -1]))
    if pick([True, False]):
        twin.record = _new(pick)
    drafts.rows.insert(pick([at + 1, len(drafts.rows)]), twin)
    _tidy(drafts, pick)


def in_one_filing(drafts: Drafts, pick: Pick) -> None:
    at = pick(range(1, len(drafts.rows)))
    drafts.rows[at].filing = drafts.rows[at - 1].filing


def filings_apart(drafts: Drafts, pick: Pick) -> None:
    _later(drafts, pick).filing = -1 - pick(range(9))


def another_time(drafts: Drafts, pick: Pick) -> None:
    row = drafts.rows[at := pick(range(len(drafts.rows)))]
    by = pick([timedelta(0), timedelta(minutes=-2), timedelta(hours=-1), timedelta(days=40), timedelta(days=9000)])
    row.at = as_text(time_of(row.at) + by)
    if pick([True, False]):
        for later in drafts.rows[at:]:
            later.at = max(later.at, row.at)


def another_time_is_stated(drafts: Drafts, pick: Pick) -> None:
    row, name = _field(drafts, pick, lambda said: said["type"] in ("time", "date"))
    is_date = _kind(drafts, row.kind)[name]["type"] == "date"
    times = [*(each.at for each in drafts.rows[-3:]), "9999-12-31T23:59:59Z", "1999-01-01T00:00:00Z", row.at]
    row.fields[name] = pick([None, *(time[:10] if is_date else time for time in times)])


def signed_on_an_older_head(drafts: Drafts, pick: Pick) -> None:
    row = drafts.rows[at := pick(range(5, len(drafts.rows)))]
    row.head = pick(sorted({at - 1, at - 2, at, 5}))
    row.filing = -50


# --- assents ----------------------------------------------------------------------------------------------------------


def another_agrees(drafts: Drafts, pick: Pick) -> None:
    row = _assent(drafts, pick)
    if row is not None:
        row.by = pick(drafts.people)


def agreed_to_another(drafts: Drafts, pick: Pick) -> None:
    row = _assent(drafts, pick)
    if row is not None:
        acts = sorted(act for act, says in drafts.constitution["acts"].items() if says["assents"])
        row.to = (pick([row.to[0], pick(acts)]), pick([row.to[1], pick(drafts.rows).record])) if row.to else None


def an_assent_says_something_else(drafts: Drafts, pick: Pick) -> None:
    row = _assent(drafts, pick)
    if row is not None:
        other = pick(drafts.people)
        said = {"key": other.key.id, "office": other.office, "leaf": "1" * 64, "base_size": 5, "base_root": "2" * 64,
                "act": "identification.exclude", "record": pick(drafts.rows).record}  # fmt: skip
        name = pick(sorted(said))
        row.fields[name] = said[name]


def an_assent_is_not_filed(drafts: Drafts, pick: Pick) -> None:
    row = _assent(drafts, pick)
    if row is not None:
        row.is_kept_back = True


def one_assent_more_or_less(drafts: Drafts, pick: Pick) -> None:
    rows = [row for row in drafts.rows if row.assents]
    if not rows:
        return
    row = pick(rows)
    if pick([True, False]):
        row.assents.remove(pick(row.assents))
    else:
        given = next(each for each in drafts.rows if each.record == row.assents[0])
        twin = replace(
            given, record=_new(pick), by=pick(drafts.people), fields=dict(given.fields), filing=-7, header={}
        )
        drafts.rows.insert(drafts.rows.index(row), twin)
        row.assents.append(twin.record)
        _tidy(drafts, pick)


# --- a new act --------------------------------------------------------------------------------------------------------


def something_is_done(drafts: Drafts, pick: Pick) -> None:
    """An act of the constitution on some record, at some place, by somebody of the office: it may be allowed."""
    acts = drafts.constitution["acts"]
    possible = _possible(drafts)
    act, kind, sort = pick(possible)
    effect = acts[act]["files"][kind][sort]
    at = pick([*range(5, len(drafts.rows) + 1), *[len(drafts.rows)] * 9])
    in_office = [who for who in drafts.people if who.role in acts[act]["offices"]]
    by = pick(in_office or drafts.people)
    row = Draft(act, kind, _new(pick), by, {}, [], drafts.rows[at - 1].at, -3, [])
    if sort == "change":
        row.record = pick(_ready(drafts, kind, effect) or _records(drafts, kind))
        names = list(effect["fields"])
    else:
        due = _kind(drafts, kind)
        names = [name for name, said in due.items() if name not in effect["blank"] and _is_stated(said, pick)]
    for name in names:
        if name not in ("number", "delivery"):
            row.fields[name] = _value(drafts, row, name, pick)
    if "state" in row.fields:
        moves = [each for moves in effect.get("moves", {}).values() for each in moves]
        row.fields["state"] = pick(sorted({*moves, *effect.get("states", ())}))
    for rule in effect["rules"] if pick([True, True, True, False]) else []:
        _obey(drafts, row, rule, pick)
    before = []
    for number in range(acts[act]["assents"]):
        agreeing = pick(in_office or drafts.people)
        given = Draft("casework.assent", "casework.Assent", _new(pick), agreeing, {}, [], row.at, -4 - number, [],
                      to=(act, row.record))  # fmt: skip
        before.append(given)
        row.assents.append(given.record)
    drafts.rows[at:at] = [*before, row]
    _tidy(drafts, pick)


def _possible(drafts: Drafts) -> list[tuple[str, str, str]]:
    """What people may do with the kinds that there are: acts that change what is ready, and acts that make."""
    held = {row.kind for row in drafts.rows}
    found = []
    for act, says in sorted(drafts.constitution["acts"].items()):
        for kind, effects in sorted(says["files"].items()):
            for sort, effect in sorted(effects.items()):
                if kind in held and (sort == "new" or _ready(drafts, kind, effect)):
                    found += [(act, kind, sort)] * (1 if act.startswith("casework.") or sort == "new" else 3)
    return found


def _ready(drafts: Drafts, kind: str, effect: dict[str, Any]) -> list[str]:
    """The records that are in a state from which the act moves them, at the end."""
    states = {row.record: row.fields["state"] for row in drafts.rows if "state" in row.fields}
    records = _records(drafts, kind)
    return [each for each in records if not effect.get("moves") or states.get(each) in effect["moves"]]


def _is_stated(said: dict[str, Any], pick: Pick) -> bool:
    return "default" not in said or pick([True, False, False])


def _obey(drafts: Drafts, row: Draft, rule: dict[str, Any], pick: Pick) -> None:
    """Fill in what a rule asks for, where the entry itself decides."""
    if rule["rule"] == "actor_is":
        row.fields |= dict.fromkeys(rule["fields"], row.by.person)
    if rule["rule"] == "holds":
        for name, due in rule["where"].items():
            if isinstance(due, list):
                row.fields |= {name: pick(due)} if name in row.fields else {}
            elif due == "stated" and row.fields.get(name) in (None, ""):
                said = _kind(drafts, row.kind)[name]["type"]
                row.fields[name] = {"text": "C-9", "date": "2024-05-02", "time": row.at}.get(said) or _pointing(
                    drafts, row, name, pick
                )


# --- the entry itself -------------------------------------------------------------------------------------------------


def another_header(drafts: Drafts, pick: Pick) -> None:
    row = drafts.rows[at := pick(range(5, len(drafts.rows)))]
    other = pick(drafts.rows)
    name, value = pick([
        ("version", 1), ("version", 2), ("version", 3), ("previous", []), ("previous", ["1" * 64]), ("log", "2" * 64),
        ("office", other.by.office), ("actor", other.by.key.id), ("record", other.record),
        ("files", ["sha256:" + "3" * 64]),
        ("base", {"root": "4" * 64, "size": at}), ("base", {"root": "4" * 64, "size": 0}), ("v", 1), ("v", True),
        ("at", other.at), ("assents", []), ("extra", 1), ("kind", other.kind), ("act", other.act),
    ])  # fmt: skip
    row.header[name] = value


def a_key_of_another_spelling(drafts: Drafts, pick: Pick) -> None:
    rows = [row for row in drafts.rows if "public_key" in row.fields]
    row = pick(rows)
    other = pick(rows)
    row.fields["public_key"] = pick([
        "ff" * 32, "00" * 32, "01" + "00" * 31, "ee" + "ff" * 30 + "7f", "f0" + "ff" * 30 + "7f",
        "ec" + "ff" * 30 + "7f",
        other.fields["public_key"], row.fields["public_key"].upper(), "02" + "00" * 31, "",
    ])  # fmt: skip


def a_new_key(drafts: Drafts, pick: Pick) -> None:
    """Somebody acts with a key that nobody enrolled."""
    row = _later(drafts, pick)
    row.by = replace(row.by, key=Key(random.Random(pick(range(5)))))


def a_session_is_of_another(drafts: Drafts, pick: Pick) -> None:
    rows = [row for row in drafts.rows if row.kind == "casework.SessionKey" and "offices" in row.fields]
    if rows:
        row, other = pick(rows), pick(drafts.people)
        name, value = pick([("delegated_by", other.key_record), ("offices", [other.office]), ("person", other.person)])
        row.fields[name] = value


def an_opening_is_that_of_another(drafts: Drafts, pick: Pick) -> None:
    """Salt and value of a field are those of another record, or of another field."""
    row, other = _later(drafts, pick), pick(drafts.rows)
    names = sorted(_kind(drafts, row.kind).keys() & other.fields.keys())
    if names:
        row.shares = (pick(names), other.record, pick(names))


def the_rules_are_changed(drafts: Drafts, pick: Pick) -> None:
    """A constitution, at the founding or later, says something else of one act or one kind, or more, or less."""
    row = pick([row for row in drafts.rows if "rules" in row.fields])
    rules = row.fields["rules"] = copy.deepcopy(row.fields["rules"])
    act, kind = pick(sorted(rules["acts"])), pick(sorted(rules["kinds"]))
    says, fields = rules["acts"][act], rules["kinds"][kind]["fields"]
    change = pick([
        lambda: says.update(assents=1 - min(1, says["assents"])), lambda: says["offices"].append("auditor"),
        lambda: says.update(signed_by=pick(["person", "session", "nobody"])), lambda: rules["acts"].pop(act),
        lambda: rules["acts"].update({"casework.more": says}), lambda: rules["acts"].update({"casework.More": says}),
        lambda: rules["kinds"].update({"rooms.Room": {"fields": {"number": {"type": "text"}}, "open": []}}),
        lambda: fields.update(note={"type": pick(["text", "essay"])}), lambda: fields.pop("reason"),
        lambda: rules["kinds"][kind].update(open=[]), lambda: rules["kinds"][kind]["open"].append("reason"),
        lambda: rules.update(v=pick([True, 3])), lambda: says.update(note=""),
    ])  # fmt: skip
    change()
    if pick([True, True, True, False]):
        row.fields["sha256"] = sha(canonical(rules))


# --- parts ------------------------------------------------------------------------------------------------------------


def _later(drafts: Drafts, pick: Pick) -> Draft:
    """Some draft, mostly one that is not of the founding."""
    return drafts.rows[pick(range(pick([0, 5, 5, 5]), len(drafts.rows)))]


def _kind(drafts: Drafts, kind: str) -> dict[str, Any]:
    return drafts.constitution["kinds"].get(kind, {}).get("fields", {})


def _field(drafts: Drafts, pick: Pick, wanted: Callable[[dict[str, Any]], bool]) -> tuple[Draft, str]:
    """A field that some draft states, of a wanted sort."""
    found = []
    for row in drafts.rows:
        fields = _kind(drafts, row.kind)
        found += [(row, name) for name in sorted(row.fields) if name in fields and wanted(fields[name])]
    return pick(found)


def _records(drafts: Drafts, kind: str) -> list[str]:
    return list(dict.fromkeys(row.record for row in drafts.rows if row.kind == kind))


def _pointing(drafts: Drafts, row: Draft, name: str, pick: Pick) -> Any:
    said = _kind(drafts, row.kind)[name]
    due = said.get("kind", pick(["graves.RecoveryUnit", "casework.Office", "mortuary.Sample"]))
    records = _records(drafts, due) or [str(uuid.UUID(int=9))]
    if said["type"] == "records":
        return [pick(records) for _ in range(pick([1, 1, 2]))]
    if said["type"] == "things":
        return [{"id": pick(records), "kind": due, "number": "N-000001"} for _ in range(pick([1, 1, 2]))]
    return pick(records)


def _value(drafts: Drafts, row: Draft, name: str, pick: Pick) -> Any:
    """Some value of a field's type."""
    said = _kind(drafts, row.kind)[name]
    if said["type"] in ("record", "records", "things", "uuid"):
        return _pointing(drafts, row, name, pick) if not said.get("null") or pick([True, True, False]) else None
    if said["type"] == "choice":
        return pick(said["values"])
    return pick({
        "boolean": [True, False], "date": ["2024-05-02"], "decimal": ["1.5", "x"], "integer": [1], "json": [{}],
        "list": [[]],
        "object": [{}], "text": ["x", "y", ""], "time": [row.at],
    }[said["type"]])  # fmt: skip


def _assent(drafts: Drafts, pick: Pick) -> Draft | None:
    rows = [row for row in drafts.rows if row.to is not None]
    return pick(rows) if rows else None


def str_uuid(number: int) -> str:
    """The UUID of a record that no story makes."""
    return str(uuid.UUID(int=10**6 + number, version=4))


def _new(pick: Pick) -> str:
    return str_uuid(pick(range(50)))


def _tidy(drafts: Drafts, pick: Pick) -> None:
    """Mostly, times follow the new order, as they do in a log that is written anew."""
    if pick([True, True, True, False]):
        last = ""
        for row in drafts.rows:
            row.at = last = max(last, row.at)


WHO: list[Mutation] = [another_acts, key_of_another, office_of_another, another_person_is_named, signed_by_another]
WHAT: list[Mutation] = [in_another_state, another_value, another_act, one_field_more_or_less, something_is_done]
WHICH: list[Mutation] = [of_another_record, points_elsewhere, points_to_none]
ORDER: list[Mutation] = [
    *(moved, neighbours_swap, dropped, filed_twice, in_one_filing, filings_apart, signed_on_an_older_head)
]
TIME: list[Mutation] = [another_time, another_time_is_stated, moved]
AGREED: list[Mutation] = [
    an_assent_is_not_filed,
    another_agrees,
    agreed_to_another,
    an_assent_says_something_else,
    one_assent_more_or_less,
]
