"""Over all kinds of records: whatever can name somebody is searched, and whatever a rule reads cannot be withheld."""

import pytest

from dokaz.court.redaction import Redaction

ORDER = "Вигадана ухвала 12"


def every_field():
    from dokaz.casework.constitution import constitution

    return [(kind, name, each["type"], name in said["open"]) for kind, said in constitution()["kinds"].items()
            for name, each in said["fields"].items()]  # fmt: skip


def test_every_field_of_every_kind_that_can_name_somebody_is_withheld_or_hinders_the_bundle():
    """No field has to say that it may name people: whatever a room adds is searched, but for what the program writes."""
    from dokaz.court.sought import Sought, Withheld
    from dokaz.court.withholding import Deciding
    from dokaz.ledger import Base, Entry

    somebody = Withheld("DON-1", "B.2", ORDER, names=(("Кравець", "Соломія"),))
    examples = {
        "text": "зі слів Соломії",
        "json": {"a": ["Соломія"]},
        "list": [{"note": "Solomiia"}],
        "object": {"Соломія": 1},
        "things": [{"id": "x", "kind": "Соломія", "number": "1"}],
    }
    written_by_the_program = {"boolean", "choice", "date", "decimal", "integer", "record", "records", "time", "uuid"}
    tried = 0
    for kind, name, sort, is_open in every_field():
        if (kind, name) == ("casework.Constitution", "rules"):
            continue
        assert sort in examples.keys() | written_by_the_program, f"{kind}.{name}: say whether a {sort} may name people"
        if sort not in examples:
            continue
        fields = {name: "d" * 64, "number": "e" * 64} if name != "number" else {name: "d" * 64}
        entry = Entry.__new__(Entry)
        for member, value in {"act": "x.y", "kind": kind, "record": "r", "version": 2, "fields": fields, "files": (),
                              "base": Base(1, "0" * 64)}.items():  # fmt: skip
            object.__setattr__(entry, member, value)
        deciding = Deciding([(7, entry)], {"d" * 64: examples[sort], "e" * 64: "N-1"}, ())
        deciding.sought = deciding._done.sought = Sought([somebody])
        done = deciding.decide(None)
        if is_open:
            assert [leak.place for leak in done.leaks] == [f"№ 7, {kind}.{name}"], f"{kind}.{name}"
        else:
            assert done.fields.keys() == {"d" * 64}, f"{kind}.{name}"
        tried += 1
    assert tried > 100


def test_nothing_that_a_rule_reads_can_be_withheld_in_any_way():
    """Neither by naming the field, nor with its record, nor with all records of the kind."""
    from dokaz.casework.constitution import constitution
    from dokaz.court.redaction import whole_of
    from dokaz.errors import BadRedaction

    read = fields_that_rules_read(constitution())
    assert ("identification.Comparison", "superseded_by") in read and len(read) > 50
    for kind, name in read:
        assert name not in whole_of(kind), f"{kind}.{name}"
        for record in ("", "0b1c"):
            with pytest.raises(BadRedaction, match="cannot be withheld"):
                Redaction(kind, frozenset({name}), "A.8", ORDER, record)


def fields_that_rules_read(rules):
    """What rules read, as docs/ledger-format.md tells it; gathered here anew."""
    found = set()
    fields = {kind: each["fields"] for kind, each in rules["kinds"].items()}
    for act in rules["acts"].values():
        for kind, effects in act["files"].items():
            for effect in effects.values():
                for rule in effect["rules"]:
                    own = {*rule.get("when", {}), *rule.get("same", ())}
                    if rule["rule"] in ("holds", "held", "another", "only_one"):
                        own |= set(rule.get("where", {}))
                    if rule["rule"] in ("actor_is", "actor_is_not"):
                        own |= set(rule["fields"])
                    field = rule.get("field", "")
                    if rule["rule"] == "exists":
                        found |= {(rule["kind"], name) for name in (field, *rule.get("where", {}))}
                    elif field:
                        own.add(field)
                    found |= {(kind, name) for name in own if name in fields[kind]}
                    target = fields[kind].get(field, {}).get("kind")
                    if target and rule["rule"] in ("refers", "cites", "agrees", "agreed"):
                        found |= {(target, name) for name in rule.get("where", {})}
    found |= {(kind, "state") for kind, each in fields.items() if "state" in each}
    return found
