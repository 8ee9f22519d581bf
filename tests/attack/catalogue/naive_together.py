"""What the naive twin looks up beyond one entry: what was filed together, and what records list. See ``naive_twin``."""

from __future__ import annotations

from typing import Any

from naive_forms import Signer, Version, look_alike, meets, same


class Together:
    """The rules that read what was filed together, or what records list."""

    read_so_far: list[Version]
    ahead: list[Version]

    def newest(self, record: Any) -> Version | None:
        raise NotImplementedError

    def newest_of(self, kind: str) -> list[Version]:
        raise NotImplementedError

    def named(self, now: Version, field: str) -> list[Any]:
        """The records to which a field points: one, or those of a list of things."""
        value = now[field]
        return [each["id"] for each in value] if isinstance(value, list) else [value]

    def filing_of(self, now: Version) -> list[Version]:
        return [each for each in self.ahead if each.entry["base"] == now.entry["base"]]

    def part_of(self, now: Version, _before: Any, rule: Any, _actor: Signer, _assenting: list[Signer]) -> bool:
        served = [each for each in self.filing_of(now) if each.entry["act"] in rule["acts"]]
        if not rule["kind"]:
            return any(each.entry["record"] == now[rule["field"]] for each in served)
        return any(
            each.entry["kind"] == rule["kind"] and same(each[rule["field"]], now.entry["record"]) for each in served
        )

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
