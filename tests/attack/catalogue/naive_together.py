"""What the naive twin looks up beyond one entry: what was filed together, and what records list. See ``naive_twin``."""

from __future__ import annotations

from typing import Any

from naive_forms import Signer, Version, is_count, is_hash, is_uuid, look_alike, meets, same

ORDER = "casework.ErasureOrder"
LINKS = ("record", "records", "things")


def is_row(value: Any) -> bool:
    """One field of one version, as an order of erasure names it."""
    return (
        isinstance(value, dict)
        and value.keys() == {"digest", "field", "record", "version"}
        and is_hash(value["digest"])
        and is_uuid(value["record"])
        and is_count(value["version"])
        and isinstance(value["field"], str)
        and bool(value["field"].strip())
    )


def erased_in(entries: list[Any], openings: list[Any]) -> set[str]:
    """The digests that orders in force name: in the very field of the very version that first holds them, filed before."""
    found = set()
    for index, (order, opened) in enumerate(zip(entries, openings, strict=True)):
        if order["kind"] != ORDER:
            continue
        said = {each[1]: each[2] for each in opened if isinstance(each, (list, tuple)) and len(each) == 3}
        rows = said.get("erases")
        for row in rows if said.get("state") == "in_force" and isinstance(rows, list) else ():
            holding = [
                i for i, entry in enumerate(entries) if is_row(row) and row["digest"] in entry["fields"].values()
            ]
            first = entries[holding[0]] if holding and holding[0] < index else {"record": "", "fields": {}}
            is_it = first["record"] == row["record"] and first["version"] == row["version"] if holding else False
            if is_it and first["fields"].get(row["field"]) == row["digest"]:
                found.add(row["digest"])
    return found


class Together:
    """The rules that read what was filed together, or what records list."""

    read_so_far: list[Version]
    ahead: list[Version]
    laws: Any

    def newest(self, record: Any) -> Version | None:
        raise NotImplementedError

    def newest_of(self, kind: str) -> list[Version]:
        raise NotImplementedError

    def named(self, now: Version, field: str) -> list[Any]:
        """The records to which a field points: one, or those of a list of things or of records."""
        value = now[field]
        rows = value if isinstance(value, list) else [value]
        return [each["id"] if isinstance(each, dict) else each for each in rows]

    def filing_of(self, now: Version) -> list[Version]:
        return [each for each in self.ahead if each.entry["base"] == now.entry["base"]]

    def part_of(self, now: Version, _before: Any, rule: Any, _actor: Signer, _assenting: list[Signer]) -> bool:
        served = [each for each in self.filing_of(now) if each.entry["act"] in rule["acts"]]
        if not rule["kind"]:
            return any(each.entry["record"] == now[rule["field"]] for each in served)
        return any(
            each.entry["kind"] == rule["kind"] and same(each[rule["field"]], now.entry["record"]) for each in served
        )

    def erases(self, now: Version, _before: Any, rule: Any, _actor: Signer, _assenting: list[Signer]) -> bool:
        named = now[rule["field"]]
        return all(is_row(row) and self.may_be_erased(row) for row in named) if isinstance(named, list) else True

    def may_be_erased(self, row: Any) -> bool:
        """It was filed, no rule reads it, it is no link and no number, and it was not to be blank."""
        name, digest = row["field"], row["digest"]
        first = next((each for each in self.read_so_far if digest in each.entry["fields"].values()), None)
        if first is None or first.entry["fields"].get(name) != digest:
            return False
        entry = first.entry
        if (entry["record"], entry["version"]) != (row["record"], row["version"]):
            return False
        kind = self.laws["kinds"][entry["kind"]]
        if name not in kind["fields"] or name in kind["open"] or name == "number":
            return False
        new = self.laws["acts"].get(entry["act"], {"files": {}})["files"].get(entry["kind"], {}).get("new", {})
        is_blank = entry["version"] == 1 and name in new.get("blank", [])
        return kind["fields"][name]["type"] not in LINKS and not is_blank

    def carried_out(self, now: Version, _before: Any, rule: Any, _actor: Signer, _assenting: list[Signer]) -> bool:
        done = [each.entry["record"] for each in self.filing_of(now) if each.entry["act"] == rule["act"]]
        return all(record in done for record in self.named(now, rule["field"]))

    def only_one_lists(self, now: Version, _before: Any, rule: Any, _actor: Signer, _assenting: list[Signer]) -> bool:
        ours = self.named(now, rule["field"])
        return not any(
            each.entry["record"] != now.entry["record"]
            and meets(each, rule["where"])
            and any(record in ours for record in self.named(each, rule["field"]))
            for each in self.newest_of(now.entry["kind"])
        )

    def out_of_office(self, now: Version, _before: Any, rule: Any, _actor: Signer, _assenting: list[Signer]) -> bool:
        named = [now[name] for name in rule["fields"]]
        return not any(
            each["person"] in named and (each["until"] is None or each["until"] > now.entry["at"])
            for each in self.newest_of("casework.Office")
        )

    def only_one(self, now: Version, _before: Any, rule: Any, _actor: Signer, _assenting: list[Signer]) -> bool:
        return not any(
            each.entry["record"] != now.entry["record"]
            and all(look_alike(each[name], now[name]) for name in rule["same"])
            and meets(each, rule["where"])
            for each in self.newest_of(now.entry["kind"])
        )

    def none(self, now: Version, _before: Any, rule: Any, _actor: Signer, _assenting: list[Signer]) -> bool:
        return not any(
            all(look_alike(each[name], now[name]) for name in rule["same"]) and meets(each, rule["where"])
            for each in self.newest_of(rule["kind"])
        )
