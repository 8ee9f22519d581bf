"""A second, slow statement of what may stand in a log, written from docs/ledger-format.md alone.

It shares no code with the verifier. It takes a whole log as JSON values and says why it is refused, with the first reason
that it meets, or nothing. Whatever it looks up it finds by reading the list of entries from the start. It is meant to be
read beside the specification, in its order; where the two differ, one of the two is wrong.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from naive_constitution import must_add_only, must_be_a_constitution, must_be_a_log_key
from naive_forms import (
    WITHHELD,
    Refused,
    Signer,
    Version,
    canonical,
    fulfils,
    is_hash,
    is_like,
    is_of_type,
    is_public_key,
    is_signed,
    is_void,
    leaf_hash,
    links,
    look_alike,
    meets,
    must,
    must_be_an_entry,
    root,
    same,
    sha,
)
from naive_together import Together, erased_in

FOUNDING = ["casework.Investigation", "casework.Constitution"]
OF_A_FOUNDER = ["casework.Person", "casework.Key", "casework.Office"]
KEYS = ("casework.Key", "casework.SessionKey")


def refusal(
    entries: list[Any], openings: list[Any], *, key: str, latest: str, withheld: frozenset[str] = frozenset()
) -> str:
    """Why a whole log is refused; empty if it is not.

    Args:
        entries: From index 0 on.
        openings: For each entry, those of its version that are shown.
        key: The log's verifier key as text.
        latest: No entry may be later.
        withheld: Digests that are declared as withheld.
    """
    try:
        _Reading(key, latest, withheld).read(entries, openings)
    except Refused as why:
        return str(why)
    return ""


# --- the log ----------------------------------------------------------------------------------------------------------


class _Reading(Together):
    """A log as far as it was read."""

    def __init__(self, key: str, latest: str, withheld: frozenset[str]) -> None:
        self.log, self.latest, self.withheld = sha(key.encode()), latest, withheld
        self.keys_of_the_log = [key]
        self.read_so_far: list[Version] = []
        self.ahead: list[Version] = []
        self.holders: dict[str, tuple[str, str]] = {}
        self.laws: Any = None

    def read(self, entries: list[Any], openings: list[Any]) -> None:
        must(len(entries) >= len(FOUNDING + OF_A_FOUNDER), "nothing was founded")
        for entry in entries:
            must_be_an_entry(entry)
        self.erased = erased_in(entries, openings)
        for index, (entry, opened) in enumerate(zip(entries, openings, strict=True)):
            self.ahead.append(Version(index, entry, leaf_hash(entry), self.opened(entry, opened)))
        self.founded = 0
        while self.founded < len(entries) and entries[self.founded]["act"] == "casework.found":
            self.founded += 1
        self.check_founding(self.ahead[: self.founded])
        self.is_trial = self.founded == len(FOUNDING + OF_A_FOUNDER)
        must_be_a_constitution(self.ahead[1]["rules"])
        self.laws = self.ahead[1]["rules"]
        for version in self.ahead:
            self.check(version)
            self.read_so_far.append(version)
            if version.entry["kind"] == "casework.Constitution" and version["state"] == "in_force":
                self.laws = version["rules"]

    def check_founding(self, founding: list[Version]) -> None:
        """Investigation, constitution, then each administrator; and each but the first signs what was founded."""
        founders = (len(founding) - len(FOUNDING)) // len(OF_A_FOUNDER)
        kinds = FOUNDING + OF_A_FOUNDER * founders
        must(founders >= 1 and [each.entry["kind"] for each in founding] == kinds, "the founding is another")
        must(all(each.entry["version"] == 1 for each in founding), "the founding is another")
        for nth in range(founders):
            at = len(FOUNDING) + nth * len(OF_A_FOUNDER)
            person, key, office = founding[at : at + len(OF_A_FOUNDER)]
            must(key["person"] == office["person"] == person.entry["record"], "a founder's key is not of one person")
            must(key["retired_at"] is None and office["until"] is None, "a founder is not in force")
            must(office["role"] == "administrator", "a founder is no administrator")
            if nth > 0:
                must(len(self.ahead) >= len(founding) + nth, "a founder does not sign the founding")
                signed = self.ahead[len(founding) + nth - 1]
                must(signed.entry["kind"] == "casework.Assent", "a founder does not sign the founding")
                must(signed["act"] == "casework.found", "a founder signs another act")
                must(signed["record"] == founding[0].entry["record"], "a founder signs something else")
                must(signed["leaf"] == founding[0].leaf, "a founder signs something else")
                must(signed["office"] == office.entry["record"], "a founder does not sign the founding")

    def opened(self, entry: Any, opened: list[Any]) -> dict[str, Any]:
        """Every field is shown, or declared as withheld, or erased by an order, and not two of these."""
        values: dict[str, Any] = {}
        for opening in opened:
            must(isinstance(opening, (list, tuple)) and len(opening) == 3 and is_hash(opening[0]), "no opening")
            must(is_like("[A-Za-z][A-Za-z0-9_.-]*", opening[1]), "a field of another name")
            digest = sha(canonical(opening))
            must(entry["fields"].get(opening[1]) == digest, f"{opening[1]} is opened, and is no field of this version")
            must(opening[1] not in values, "opened twice")
            values[opening[1]] = opening[2]
        for name, digest in entry["fields"].items():
            is_there = [name in values, digest in self.withheld, digest in self.erased]
            must(sum(is_there) == 1, f"{name} is neither shown nor withheld nor erased, or two of these")
        return values

    # --- looking things up ---

    def versions(self, record: Any) -> list[Version]:
        return [each for each in self.read_so_far if each.entry["record"] == record]

    def newest(self, record: Any) -> Version | None:
        return self.versions(record)[-1] if self.versions(record) else None

    def newest_of(self, kind: str) -> list[Version]:
        """Of every record of a kind, as it stands now."""
        return [each for each in self.read_so_far
                if each.entry["kind"] == kind and self.newest(each.entry["record"]) is each]  # fmt: skip

    # --- one entry ---

    def check(self, now: Version) -> None:
        entry = now.entry
        self.check_place(now)
        if entry["kind"] == "casework.Constitution" and now["state"] == "in_force":
            must_be_a_constitution(now["rules"])
            must(now["sha256"] == sha(canonical(now["rules"])), "the constitution has another hash")
            must_add_only(now["rules"])
        must(entry["act"] != "casework.found" or now.index < self.founded, "founded a second time")
        must(entry["act"] != "casework.found" or entry["base"]["size"] == 0, "founded in pieces")
        if entry["kind"] == "casework.CheckpointKey" and now["state"] == "in_force":
            must_be_a_log_key(now["key"], self.keys_of_the_log)
            self.keys_of_the_log.append(now["key"])
        must(entry["kind"] in self.laws["kinds"], "a kind that the constitution does not know")
        must(entry["act"] in self.laws["acts"], "an act that the constitution does not know")
        self.check_fields(now)
        actor = self.signer(entry["actor"], entry["office"], now)
        public_key = self.key_record(entry["actor"], now)["public_key"]
        message = b"dokaz entry v2\n" + canonical({**entry, "signature": ""})
        must(is_signed(message, entry["signature"], public_key), "the actor did not sign this")
        act = self.laws["acts"][entry["act"]]
        must(actor.role in act["offices"], "in this office nobody does this")
        must(actor.in_person or act["signed_by"] == "session", "this is signed in person")
        self.check_effect(now, act, actor, self.assenting(now, act))
        if entry["kind"] in KEYS:
            self.check_key(now)
        if entry["kind"] == "casework.Office" and (entry["version"] == 1 or entry["act"] == "casework.put_in_force"):
            must(now["since"] == entry["at"], "an office that is held from another time on")
        if entry["kind"] == "casework.Assent":
            self.check_assent_record(now, actor)

    def check_place(self, now: Version) -> None:
        """Its log, its base, its time, and its place among the versions of its record."""
        entry, base = now.entry, now.entry["base"]
        must(entry["log"] == self.log, "of another log")
        must(base["size"] <= now.index, "its base is later than itself")
        must(
            base["root"] == root([each.leaf for each in self.read_so_far[: base["size"]]]),
            "its base is no head of this log",
        )
        between = self.read_so_far[base["size"] :]
        must(all(each.entry["base"] == base for each in between), "something was filed between its base and itself")
        alike = all(each.entry["at"] == entry["at"] and each.entry["actor"] == entry["actor"] for each in between)
        must(alike, "a filing has one time and one actor")
        must(all(each.entry["at"] <= entry["at"] for each in self.read_so_far), "time runs backwards")
        must(entry["at"] <= self.latest, "it is still to come")
        before = self.newest(entry["record"])
        must(entry["version"] == (before.entry["version"] + 1 if before else 1), "another version is due")
        must(entry["previous"] == ([before.leaf] if before else []), "it names another version before it")
        must(before is None or before.entry["kind"] == entry["kind"], "the record changes its kind")

    def check_fields(self, now: Version) -> None:
        entry = now.entry
        kind = self.laws["kinds"][entry["kind"]]
        must(entry["fields"].keys() == kind["fields"].keys(), "not the fields of its kind")
        for name, said in kind["fields"].items():
            value = now[name]
            must(value is not WITHHELD or name not in kind["open"], f"{name} is never withheld")
            if value is WITHHELD:
                continue
            must(is_of_type(value, said), f"{name} is not of its type")
            for record, due in links(value, said):
                must(record != entry["record"], f"{name} points to the record itself")
                target = self.newest(record)
                must(
                    target is not None and target.entry["kind"] == due,
                    f"{name} points to no {due} that was filed before",
                )
                before = self.newest(entry["record"])
                is_told = (
                    before is not None
                    and not is_void(before)
                    and before.entry["fields"].get(name) == entry["fields"][name]
                )
                must(is_told or not is_void(target), f"{name} points to what is void")
            for thing in value if said["type"] == "things" else ():
                must(same(self.newest(thing["id"])["number"], thing["number"]), "a thing under another number")
        for other in self.read_so_far:
            is_other = other.entry["kind"] == entry["kind"] and other.entry["record"] != entry["record"]
            must(not (is_other and look_alike(other["number"], now["number"])), "the number of another record")
        for name, digest in entry["fields"].items():
            holder = self.holders.setdefault(digest, (entry["record"], name))
            must(holder == (entry["record"], name), "one digest of two records, or under two names")

    # --- people ---

    def key_record(self, key: str, now: Version) -> Version:
        """The record of a key, as it stands now."""
        founding = self.ahead[: self.founded] if now.index < self.founded else []
        for version in reversed(self.read_so_far + founding):
            public_key = version["public_key"] if version.entry["kind"] in KEYS else None
            if is_hash(public_key) and sha(bytes.fromhex(public_key)) == key:
                return version
        raise Refused("a key that nobody enrolled")

    def signer(self, key: str, office: str, now: Version) -> Signer:
        """Whose key that is, and that key and office are in force."""
        at = now.entry["at"]
        held = self.key_record(key, now)
        in_person = held.entry["kind"] == "casework.Key"
        own = held if in_person else self.newest(held["delegated_by"])
        must(own is not None and own["retired_at"] is None, "the key is retired")
        must(own["state"] == "in_force", "a key that is proposed")
        founding = self.ahead[: self.founded] if now.index < self.founded else []
        offices = [each for each in founding + self.read_so_far
                   if each.entry["kind"] == "casework.Office" and each.entry["record"] == office]  # fmt: skip
        must(offices, "an office that nobody was appointed to")
        must(offices[-1]["person"] == held["person"], "key and office are of two people")
        must(offices[-1]["state"] == "in_force", "an office that is proposed")
        must(all(each.entry["act"] != "casework.dismiss" for each in offices), "dismissed")
        must(offices[-1]["until"] is None or offices[-1]["until"] > at, "the office has ended")
        if not in_person:
            must(held["ended_at"] is None and at < held["until"], "the session is over")
            must(office in held["offices"], "the session is not for this office")
        return Signer(held["person"], offices[-1]["role"], in_person)

    def administrators(self) -> set[str]:
        """The people who can act as administrators."""
        keys = [each for each in self.newest_of("casework.Key") if each["state"] == "in_force"]
        able = {each["person"] for each in keys if each["retired_at"] is None}
        offices = [each for each in self.newest_of("casework.Office") if each["role"] == "administrator"]
        return able & {o["person"] for o in offices if o["state"] == "in_force" and o["until"] is None}

    def check_key(self, now: Version) -> None:
        """A key that is enrolled, or delegated: it is one, it is nobody else's, and whoever enrols it holds it."""
        public_key = now["public_key"]
        must(is_public_key(public_key), "no public key")
        for other in self.read_so_far:
            if other.entry["kind"] in KEYS and other.entry["record"] != now.entry["record"]:
                must(other["public_key"] != public_key, "the key of two records")
        if now.entry["kind"] == "casework.Key":
            said = {"log": self.log, "person": now["person"], "public_key": public_key}
            must(
                is_signed(b"dokaz possession v2\n" + canonical(said), now["possession"], public_key),
                "a key that they do not hold",
            )
            if now["retired_at"] is not None and sha(bytes.fromhex(public_key)) == now.entry["actor"]:
                must(self.administrators() != {now["person"]}, "the last administrator retires their own key")
        elif now.entry["version"] == 1:
            own = self.newest(now["delegated_by"])
            must(own is not None and own["person"] == now["person"], "a session under the key of another person")
            must(sha(bytes.fromhex(own["public_key"])) == now.entry["actor"], "a session filed under another key")
            begun, until = (datetime.fromisoformat(time) for time in (now.entry["at"], now["until"]))
            must(timedelta() <= until - begun <= timedelta(days=1), "a session of more than a day")

    # --- assents ---

    def assenting(self, now: Version, act: Any) -> list[Signer]:
        """Those who agreed: as many different persons as the act needs, each to the version that was there."""
        entry = now.entry
        signers = []
        for assent in entry["assents"]:
            signer = self.signer(assent["key"], assent["office"], now)
            must(signer.role in act["offices"], "in this office nobody agrees to this")
            must(signer.in_person, "an assent is signed in person")
            must(all(signer.person != other.person for other in signers), "one person agrees twice")
            signers.append(signer)
            must(entry["previous"], "agreed to nothing")
            said = {"act": entry["act"], "base": assent["base"], "leaf": entry["previous"][0], "log": self.log,
                    "office": assent["office"], "record": entry["record"]}  # fmt: skip
            public_key = self.key_record(assent["key"], now)["public_key"]
            must(
                is_signed(b"dokaz assent v2\n" + canonical(said), assent["sig"], public_key), "an assent is not signed"
            )
            filed = {"act": entry["act"], "record": entry["record"], "leaf": entry["previous"][0], "key": assent["key"],
                     "office": assent["office"], "base_size": assent["base"]["size"], "base_root": assent["base"]["root"],
                     "sig": assent["sig"]}  # fmt: skip
            given = [each for each in self.newest_of("casework.Assent") if each.entry["base"] == assent["base"]]
            is_filed = any(all(same(each[name], value) for name, value in filed.items()) for each in given)
            must(is_filed, "an assent was not filed when it was given")
        of_a_trial = self.is_trial and act["offices"] == ["administrator"]
        needed = min(act["assents"], 1) if of_a_trial else act["assents"]
        must(len(signers) == needed, "another number of people agreed")
        return signers

    def check_assent_record(self, now: Version, actor: Signer) -> None:
        """It is filed by the person whose key it is, at the base that it names."""
        must(is_hash(now["key"]) and is_hash(now["leaf"]) and is_hash(now["base_root"]), "no assent")
        must(now["key"] == now.entry["actor"] and now["office"] == now.entry["office"], "the assent of another person")
        base = {"root": now["base_root"], "size": now["base_size"]}
        must(same(base, now.entry["base"]), "an assent to another head of the log")
        said = {"act": now["act"], "base": base, "leaf": now["leaf"], "log": self.log, "office": now["office"],
                "record": now["record"]}  # fmt: skip
        public_key = self.key_record(now["key"], now)["public_key"]
        must(is_signed(b"dokaz assent v2\n" + canonical(said), now["sig"], public_key), "an assent is not signed")

    # --- what the act may do ---

    def check_effect(self, now: Version, act: Any, actor: Signer, assenting: list[Signer]) -> None:
        entry = now.entry
        effects = act["files"].get(entry["kind"], {})
        before = self.newest(entry["record"])
        effect = effects.get("new" if before is None else "change")
        must(effect is not None, "the act does not file that")
        if before is None:
            must(
                not effect["states"] or any(same(now["state"], one) for one in effect["states"]),
                "born in another state",
            )
            for name in effect["blank"]:
                default = self.laws["kinds"][entry["kind"]]["fields"][name].get("default")
                must(same(now[name], default), f"{name} is not blank at birth")
        else:
            for name, digest in entry["fields"].items():
                must(
                    digest == before.entry["fields"][name] or name in effect["fields"], f"the act may not change {name}"
                )
            must(not (is_void(before) and is_void(now)), "void, and changed")
            if "state" in effect["fields"]:
                must(now["state"] in effect["moves"].get(before["state"], []), "not a move of this act")
        for rule in effect["rules"]:
            if meets(now, rule.get("when", {})):
                must(
                    getattr(self, rule["rule"])(now, before, rule, actor, assenting),
                    f"the rule {rule['rule']} does not hold",
                )

    def holds(self, now: Version, _before: Any, rule: Any, _actor: Signer, _assenting: list[Signer]) -> bool:
        return meets(now, rule["where"])

    def held(self, _now: Version, before: Any, rule: Any, _actor: Signer, _assenting: list[Signer]) -> bool:
        return meets(before, rule["where"])

    def actor_is(self, now: Version, _before: Any, rule: Any, actor: Signer, _assenting: list[Signer]) -> bool:
        return all(same(now[name], actor.person) for name in rule["fields"])

    def actor_is_not(self, now: Version, _before: Any, rule: Any, actor: Signer, assenting: list[Signer]) -> bool:
        return not any(same(now[name], each.person) for name in rule["fields"] for each in (actor, *assenting))

    def restores(self, now: Version, before: Any, rule: Any, _actor: Signer, _assenting: list[Signer]) -> bool:
        name = rule["field"]
        for version in reversed(self.versions(now.entry["record"])):
            if not same(version[name], before[name]):
                return same(version[name], now[name])
        return False

    def at_the_end(self, now: Version, path: str) -> list[Version | None]:
        """The records to which a path of fields leads, as they stand now."""
        reached: list[Version | None] = [now]
        for name in path.split("."):
            pointed = [each[name] if each is not None else WITHHELD for each in reached]
            records = [
                one for each in pointed for one in (each if isinstance(each, list) else [each]) if one is not None
            ]
            reached = [self.newest(record) for record in records]
        return reached

    def refers(self, now: Version, _before: Any, rule: Any, _actor: Signer, _assenting: list[Signer]) -> bool:
        return all(
            target is not None and meets(target, rule["where"]) for target in self.at_the_end(now, rule["field"])
        )

    def agrees(self, now: Version, _before: Any, rule: Any, _actor: Signer, _assenting: list[Signer]) -> bool:
        return self.alike(now, now, rule)

    def agreed(self, now: Version, before: Any, rule: Any, _actor: Signer, _assenting: list[Signer]) -> bool:
        return self.alike(now, before, rule)

    def alike(self, now: Version, of: Version, rule: Any) -> bool:
        return all(
            target is not None and all(same(of[own], target[theirs]) for own, theirs in rule["same"].items())
            for target in self.at_the_end(now, rule["field"])
        )

    def not_before(self, now: Version, _before: Any, rule: Any, _actor: Signer, _assenting: list[Signer]) -> bool:
        name = rule["field"]
        return not any(same(version[name], now[name]) for version in self.versions(now.entry["record"]))

    def filed_with(self, now: Version, _before: Any, rule: Any, _actor: Signer, _assenting: list[Signer]) -> bool:
        named = now[rule["field"]]
        hashes = [each["sha256"] for each in named] if isinstance(named, list) else [named]
        return {f"sha256:{each}" for each in hashes} == set(now.entry["files"])

    def listed(self, now: Version, _before: Any, rule: Any, _actor: Signer, _assenting: list[Signer]) -> bool:
        target = self.newest(now[rule["field"]])
        if now[rule["field"]] is None:
            return True
        within = target[rule["within"]] if target is not None else []
        return now.entry["record"] in [each["id"] if isinstance(each, dict) else each for each in within]

    def each_held_by(self, now: Version, _before: Any, rule: Any, _actor: Signer, _assenting: list[Signer]) -> bool:
        things = [self.newest(each) for each in self.named(now, rule["field"])]
        return all(thing is not None and same(thing["holder"], now[rule["by"]]) for thing in things)

    def another(self, now: Version, _before: Any, rule: Any, _actor: Signer, _assenting: list[Signer]) -> bool:
        others = [each for each in self.newest_of(now.entry["kind"]) if each.entry["record"] != now.entry["record"]]
        return any(meets(each, rule["where"]) for each in others)

    def cites(self, now: Version, _before: Any, rule: Any, _actor: Signer, _assenting: list[Signer]) -> bool:
        carried = not rule["some"]
        for record in now[rule["field"]]:
            versions = self.versions(record)
            filed = [each for each in versions if each.entry["act"] == rule["filed_by"]]
            if not filed or (rule["newest"] and versions[-1] is not filed[-1]):
                return False
            if not all(same(versions[-1][name], now[name]) for name in rule["same"]):
                return False
            for some in rule["some"]:
                held = {n: now[n.removeprefix("own_")] if n.startswith("own_") else versions[-1][n] for n in some}
                carried = carried or all(fulfils(held[name], due) for name, due in some.items())
        return carried and bool(now[rule["field"]])

    def independent(self, now: Version, _before: Any, rule: Any, actor: Signer, assenting: list[Signer]) -> bool:
        theirs = [
            self.key_record(assent["key"], version)["person"]
            for record in self.named(now, rule["field"])
            for version in self.versions(record)
            if version.entry["act"] == rule["filed_by"]
            for assent in version.entry["assents"]
        ]
        return any(signer.person not in theirs for signer in assenting or [actor])

    def signed_in(self, now: Version, _before: Any, rule: Any, _actor: Signer, assenting: list[Signer]) -> bool:
        due = rule["offices"].get(now[rule["field"]])
        return due is None or all(signer.role == due for signer in assenting)

    def unless_pointed_at(
        self, now: Version, _before: Any, rule: Any, _actor: Signer, _assenting: list[Signer]
    ) -> bool:
        for kind, said in self.laws["kinds"].items():
            if rule["kind"] not in ("", kind):
                continue
            fields = {name: field for name, field in said["fields"].items() if field["type"] in ("record", "records")}
            for other in self.newest_of(kind):
                pointed_at = [record for name in fields for record, _kind in links(other[name], fields[name])]
                if (
                    other.entry["record"] != now.entry["record"]
                    and now.entry["record"] in pointed_at
                    and not is_void(other)
                    and meets(other, rule["where"])
                ):
                    return False
        return True

    def as_agreed(self, now: Version, before: Any, rule: Any, actor: Signer, _assenting: list[Signer]) -> bool:
        fields, besides = now.entry["fields"], ("reason", *rule["besides"])
        changed = {n: d for n, d in fields.items() if d != before.entry["fields"][n] and n not in besides}
        for made in self.newest_of(rule["kind"]):
            office = self.newest(self.versions(made.entry["record"])[0].entry["office"])
            in_office = office is not None and office["role"] in self.laws["acts"][now.entry["act"]]["offices"]
            said = meets(made, {"state": ["made"], "leaf": [before.leaf]}) and same(made["digests"], changed)
            if said and in_office and made["proposed_by"] != actor.person:
                return True
        return False

    def exists(self, now: Version, _before: Any, rule: Any, _actor: Signer, _assenting: list[Signer]) -> bool:
        return any(
            same(each[rule["field"]], now.entry["record"]) and meets(each, rule["where"])
            for each in self.newest_of(rule["kind"])
        )
