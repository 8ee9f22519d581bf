"""What a version of a record commits to: an opening for every field, and of them what the act declared to file."""

from __future__ import annotations

import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from dokaz.casework.effects import Makes
from dokaz.casework.journal import orders_of_digests
from dokaz.casework.records import Record, erased_value, field_of, is_void, links_of
from dokaz.casework.rows import texts_of
from dokaz.casework.values import to_json
from dokaz.errors import BeyondTheAct, OpeningMissing, RecordIsVoid, TableDiffers
from dokaz.ledger import Entry, canonical
from dokaz.ledger.opening import digest_of

if TYPE_CHECKING:
    from dokaz.casework.registry import Act


@dataclass(frozen=True, slots=True)
class CommittedField:
    """An opening of a version: its digest, its salt, its value as canonical JSON.

    Args:
        erased: Whether it was destroyed by order: then there is no salt, and the text is what the table holds since.
    """

    digest: str
    salt: str
    text: str
    erased: bool = False


def held_by(kind: type[Record], index: int, entry: Entry) -> dict[str, CommittedField]:
    """The openings of a version that was filed, by the name of the field.

    Raises:
        OpeningMissing: one is not there, though no order erased it.
    """
    openings = texts_of(list(entry.fields.values()))
    held = {name: CommittedField(digest, salt, text) for digest, salt, name, text in openings}
    orders = orders_of_digests() if len(held) < len(entry.fields) else {}
    for name, digest in entry.fields.items():
        if name not in held:
            if digest not in orders:
                raise OpeningMissing(index, entry.kind)
            text = canonical(to_json(erased_value(kind, field_of(kind, name)), field_of(kind, name))).decode()
            held[name] = CommittedField(digest, "", text, erased=True)
    return held


def carried_over(
    before: dict[str, CommittedField], now: dict[str, Any], agreed: Mapping[str, CommittedField] | None = None
) -> dict[str, CommittedField]:
    """Openings of all fields; one that did not change keeps its salt (docs/ledger-format.md, "Openings").

    Args:
        agreed: Openings of new values to which somebody agreed before.
    """
    held = {}
    for name, value in now.items():
        text = canonical(value).decode()
        old = before.get(name)
        if old is not None and old.text == text:
            held[name] = old
        elif agreed is not None and name in agreed and agreed[name].text == text:
            held[name] = agreed[name]
        else:
            salt = secrets.token_hex(32)
            held[name] = CommittedField(digest_of(salt, name, text), salt, text)
    return held


def refuse_void(record: Record, before: Mapping[str, CommittedField]) -> None:
    """A void record is changed by nothing but what ends that, and no record comes to point to one.

    Raises:
        RecordIsVoid: names the record that is void.
    """
    was_void = "voided" in before and before["voided"].text == "true"
    if was_void and is_void(record):
        raise RecordIsVoid(record.number)
    for field in links_of(type(record)):
        target = getattr(record, field.attname)
        is_told = field.name in before and not was_void and json.loads(before[field.name].text) == str(target)
        if target is not None and not is_told and is_void(getattr(record, field.name)):
            raise RecordIsVoid(getattr(record, field.name).number)


def require_as_filed(record: Record, held: Mapping[str, CommittedField]) -> None:
    """Refuse to go on from a row that says something else than the record's newest version in the ledger.

    Whoever corrects one field would sign for the others too, which somebody changed in the table.

    Raises:
        TableDiffers: names a field.
    """
    for name, value in record.content().items():
        if name in held and held[name].text != canonical(value).decode():
            raise TableDiffers(record.number, name)


def require_declared(
    act: Act, record: Record, before: Mapping[str, CommittedField], now: Mapping[str, CommittedField]
) -> None:
    """Refuse what an act did not declare to file (``effects``): another kind, state or field.

    Raises:
        BeyondTheAct: names what it would have filed.
    """
    effect = act.effect_on(record)
    if effect is None:
        raise BeyondTheAct(act.name, record.number, record.kind())
    state = json.loads(now["state"].text) if "state" in now else ""
    if isinstance(effect, Makes):
        if state and state not in effect.states:
            raise BeyondTheAct(act.name, record.number, f"state={state}")
        for field in record.content_fields():
            if field.name in effect.blank and getattr(record, field.attname) != field.get_default():
                raise BeyondTheAct(act.name, record.number, field.name)
        return
    changed = {name for name in now if now[name] is not before.get(name)} - {"reason"}
    for name in sorted(changed - effect.fields):
        raise BeyondTheAct(act.name, record.number, name)
    if "state" in effect.fields:
        was = json.loads(before["state"].text)
        if state not in dict(effect.moves).get(was, ()):
            raise BeyondTheAct(act.name, record.number, f"state={was}→{state}")
