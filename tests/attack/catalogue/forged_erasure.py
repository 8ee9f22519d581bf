"""Erasure: openings that are gone without an order, orders that are none, and files of a store that are damaged."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from builder import TO_JUDGE, Fields, sha
from forged_withholding import hidden, hides
from forgery import WITHHELD, Attacked, forgery

# --- gone, and no order says so ---------------------------------------------------------------------------------------


@forgery("erasure", finds="field-not-declared", of=["family_name", "given_name", "note", "reported_on", "reason"])
def a_field_is_gone_without_any_order(told: Attacked, name: str) -> None:
    missing = told.missing()
    told.attack()
    told.destroy(told.erases(missing, name))


@forgery("erasure", finds="field-not-declared")
def a_superseded_value_is_gone_without_any_order(told: Attacked) -> None:
    missing = told.missing()
    told.change("missing.correct_report", missing, told.liaison, {"note": "another", "reason": "misread"})
    told.attack()
    told.destroy(told.erases(missing, "note", versions=[1]))


@forgery("erasure", finds="withheld-without-ground", only="bundle", of=["erased", "Erased", "ERA-000001"])
def a_field_is_declared_erased_though_nobody_ordered_it(told: Attacked, code: str) -> dict[str, Any]:
    told.missing()
    told.attack()
    return {"withhold": lambda entry, name: (code, "the order is in the next version") if name == "note" else None}


@forgery("erasure", unseen=WITHHELD, only="bundle")
def a_field_that_is_gone_is_declared_as_withheld(told: Attacked) -> dict[str, Any]:
    """Ask whoever withholds it to show it to the court: they cannot."""
    told.missing()
    told.attack()
    return {"withhold": hides("missing.MissingPerson", "note")}


@forgery("erasure", finds="withheld-what-is-not-there", only="bundle")
def something_is_declared_as_withheld_that_never_was(told: Attacked) -> dict[str, Any]:
    told.attack()
    row = {"authority": "Court", "code": "A.8", "digest": sha(b"nothing"), "index": 0}
    return {"change_manifest": lambda manifest: manifest["withheld"].append(row)}


# --- orders that do not cover it ---------------------------------------------------------------------------------------


def gone(told: Attacked, record: str, *names: str, versions: Sequence[int] = ()) -> None:
    told.destroy(told.erases(record, *names, versions=versions))


@forgery("erasure", finds="field-not-declared", by="operator, administrator")
def an_order_was_proposed_only(told: Attacked) -> None:
    missing = told.missing()
    told.attack(told.admin)
    told.order_erasure(missing, told.erases(missing, "note"))
    gone(told, missing, "note")


@forgery("erasure", finds="field-not-declared")
def an_order_was_withdrawn(told: Attacked) -> None:
    missing = told.missing()
    told.withdraw(told.order_erasure(missing, told.erases(missing, "note")))
    told.attack()
    gone(told, missing, "note")


@forgery("erasure", finds="field-not-declared")
def the_order_was_for_another_field(told: Attacked) -> None:
    missing = told.missing()
    told.erase(missing, "note")
    told.attack()
    gone(told, missing, "family_name")


@forgery("erasure", finds="field-not-declared")
def the_order_was_for_another_record(told: Attacked) -> None:
    missing, other = told.missing(), told.missing()
    told.erase(missing, "note")
    told.attack()
    gone(told, other, "note")


@forgery("erasure", finds="field-not-declared")
def the_order_was_for_another_version(told: Attacked) -> None:
    missing = told.missing()
    told.change("missing.correct_report", missing, told.liaison, {"note": "another", "reason": "misread"})
    told.erase(missing, "note", versions=[1])
    told.attack()
    gone(told, missing, "note", versions=[2])


@forgery("erasure", finds="field-not-declared", by="operator, family_liaison")
def what_was_stated_after_the_order_is_erased_by_it(told: Attacked) -> None:
    missing = told.missing()
    told.erase(missing, "note")
    told.attack(told.liaison)
    told.change("missing.correct_report", missing, told.liaison, {"note": "said anew", "reason": "asked again"})
    gone(told, missing, "note", versions=[2])


@forgery("erasure", finds="rule-erases", by="operator, administrator, administrator")
def an_order_for_what_is_filed_later(told: Attacked) -> None:
    missing = told.missing()
    told.present("liaison")
    told.attack(told.admin, told.admin_too, told.liaison)
    told.insiders = [told.admin, told.admin_too]
    blank = {"digest": "1" * 64, "field": "note", "record": missing, "version": 2}
    told.put_in_force(told.order_erasure(missing, [blank]))
    told.change("missing.correct_report", missing, told.liaison, {"note": "said later", "reason": "heard"})
    gone(told, missing, "note", versions=[2])


@forgery("erasure", finds="field-not-declared", only="bundle")
def the_order_comes_after_the_log_that_the_bundle_shows(told: Attacked) -> dict[str, Any]:
    """The bundle is of the log before it was ordered; the openings are gone already."""
    missing = told.missing()
    order = told.erase(missing, "note")
    told.attack()
    proposed = next(i for i, entry in enumerate(told.log.entries) if entry["record"] == order)
    del told.log.entries[proposed:], told.log.openings[proposed:]
    told.log.rebuild()
    return {}


@forgery("erasure", finds="field-not-declared", only="bundle")
def the_order_is_left_out_of_the_bundle(told: Attacked) -> dict[str, Any]:
    told.erase(told.missing(), "note")
    told.attack()
    return {"only": lambda entry: entry["kind"] != "casework.ErasureOrder"}


@forgery("erasure", finds="field-must-be-open", only="bundle", of=["erases", "state", "document", "reason", "number"])
def a_part_of_the_order_is_withheld(told: Attacked, name: str) -> dict[str, Any]:
    told.erase(told.missing(), "note")
    told.attack()
    return {"withhold": hides("casework.ErasureOrder", name)}


# --- orders that nobody may give ---------------------------------------------------------------------------------------


@forgery("erasure", by="operator, administrator", finds="signatures-not-as-many")
def one_administrator_puts_an_order_in_force(told: Attacked) -> None:
    missing = told.missing()
    told.attack(told.admin)
    told.erase(missing, "note", signers=[told.admin])


@forgery("erasure", finds="signature-wrong")
def an_order_is_forged_with_every_key_of_the_operator(told: Attacked) -> None:
    missing = told.missing()
    told.attack()
    told.erase(missing, "note")


@forgery("erasure", by="operator, administrator", finds="signature-wrong")
def the_second_administrators_agreement_to_an_order_is_forged(told: Attacked) -> None:
    missing = told.missing()
    told.attack(told.admin)
    told.erase(missing, "note")


@forgery("erasure", by="operator, administrator", finds="born-in-another-state")
def an_order_is_in_force_from_its_proposal_on(told: Attacked) -> None:
    missing = told.missing()
    told.attack(told.admin)
    told.order_erasure(missing, told.erases(missing, "note"), state="in_force")
    gone(told, missing, "note")


@forgery("erasure", by="operator, family_liaison", finds="role-may-not-act")
def whoever_recorded_it_orders_its_erasure(told: Attacked) -> None:
    missing = told.missing()
    told.attack(told.liaison)
    told.order_erasure(missing, told.erases(missing, "note"), by=told.liaison)


@forgery("erasure", by="operator, administrator, board", finds="role-may-not-sign")
def a_member_of_the_board_puts_an_order_in_force(told: Attacked) -> None:
    missing = told.missing()
    told.present("board")
    told.attack(told.admin, told.board)
    order = told.order_erasure(missing, told.erases(missing, "note"))
    given = told.assents("casework.put_in_force", order, told.admin, told.board)
    told.change("casework.put_in_force", order, told.admin, {"state": "in_force"}, assents=given)
    gone(told, missing, "note")


@forgery("erasure", by="operator, administrator, administrator", finds="change-not-allowed",
         of=["erases", "document", "authority", "ordered_on"])  # fmt: skip
def an_order_is_changed_while_it_is_put_in_force(told: Attacked, name: str) -> None:
    missing = told.missing()
    told.attack(told.admin, told.admin_too)
    order = told.order_erasure(missing, told.erases(missing, "note"))
    wider = {"erases": told.erases(missing, "note", "family_name"), "document": "another", "authority": "law",
             "ordered_on": "2024-05-02"}  # fmt: skip
    told.put_in_force(order, **{name: wider[name]})
    gone(told, missing, "note", *(["family_name"] if name == "erases" else []))


@forgery(
    "erasure", by="operator, administrator, administrator", finds="rule-holds", of=["erases", "document", "reason"]
)
def an_order_says_neither_what_nor_why_nor_by_which_document(told: Attacked, name: str) -> None:
    missing = told.missing()
    told.attack(told.admin, told.admin_too)
    nothing: dict[str, Any] = {name: [] if name == "erases" else ""}
    told.put_in_force(told.order_erasure(missing, told.erases(missing, "note"), **nothing))
    gone(told, missing, "note")


@forgery("erasure", by="operator, administrator, administrator", finds="value-not-of-its-type",
         of=["", "Court", "the operator", "соurt"])  # fmt: skip
def an_order_is_given_on_an_authority_that_there_is_not(told: Attacked, authority: str) -> None:
    missing = told.missing()
    told.attack(told.admin, told.admin_too)
    told.put_in_force(told.order_erasure(missing, told.erases(missing, "note"), authority=authority))
    gone(told, missing, "note")


# --- what no order erases ----------------------------------------------------------------------------------------------


def any_record(told: Attacked, kind: str) -> str:
    return next(entry["record"] for entry in told.log.entries if entry["kind"] == kind)


@forgery("erasure", by="operator, administrator, administrator", finds="rule-erases", of=[
    "missing.MissingPerson: state", "missing.MissingPerson: number", "missing.MissingPerson: same_as",
    "missing.MissingPerson: delivery", "missing.MissingPerson: voided", "identification.Decision: comparisons",
    "identification.Decision: reason", "identification.Comparison: discipline", "identification.Comparison: profile",
    "casework.Key: public_key", "casework.Key: reason", "casework.Office: role",
    ("casework.Constitution: rules", "constitution-malformed"),
    "casework.Assent: sig", "graves.RecoveryUnit: holder", "graves.RecoveryUnit: lifted_by",
])  # fmt: skip
def a_field_that_is_never_erased_is_ordered_to_be(told: Attacked, field: str) -> None:
    told.certified()
    told.attack(told.admin, told.admin_too)
    kind, name = field.split(": ")
    record = any_record(told, kind)
    told.put_in_force(told.order_erasure(record, told.erases(record, name)))
    gone(told, record, name)


@forgery("erasure", by="operator, administrator, administrator", finds="rule-erases", of=["erases", "reason", "number"])
def an_order_erases_another_order(told: Attacked, name: str) -> None:
    first = told.erase(told.missing(), "note")
    told.attack(told.admin, told.admin_too)
    told.put_in_force(told.order_erasure(first, told.erases(first, name)))
    gone(told, first, name)


@forgery("erasure", by="operator, administrator, administrator", finds="rule-erases", of=[
    {"version": 2}, {"version": 0}, {"field": "family_name"}, {"field": "Note"}, {"field": "n\u043ete"},
    {"record": "00000000-0000-4000-8000-000000000000"}, {"digest": "0" * 64}, {"more": 1},
])  # fmt: skip
def an_order_names_what_there_is_not(told: Attacked, changed: Fields) -> None:
    missing = told.missing()
    told.attack(told.admin, told.admin_too)
    (row,) = told.erases(missing, "note")
    told.put_in_force(told.order_erasure(missing, [{**row, **changed}]))
    told.destroy([row])


# --- ordered, and not done ---------------------------------------------------------------------------------------------


@forgery("erasure", finds="erased-and-shown")
def an_order_is_not_carried_out(told: Attacked) -> None:
    told.erase(told.missing(), "note")
    told.attack()
    told.log.erased.clear()


@forgery("erasure", finds="withheld-and-erased", only="bundle")
def what_was_erased_is_declared_as_withheld(told: Attacked) -> dict[str, Any]:
    """As if it could be shown to whoever has the right to see it."""
    told.erase(told.missing(), "note")
    told.attack()
    told.log.erased.clear()
    return {"withhold": lambda entry, name: TO_JUDGE if name == "note" else None}


# --- lines that say nothing --------------------------------------------------------------------------------------------


def line_of(told: Attacked, record: str, new: Callable[[list[bytes], int], bytes]) -> dict[str, Any]:
    index = next(i for i, entry in enumerate(told.log.entries) if entry["record"] == record)

    def spoiled(store: Path) -> None:
        path = store / "openings" / "000.jsonl"
        lines = path.read_bytes().split(b"\n")
        lines[index] = new(lines, index)
        path.write_bytes(b"\n".join(lines))

    return {"spoil": spoiled}


@forgery(
    "erasure",
    finds="line-malformed",
    only="store",
    of=[b"\xffnoise", b"", b'{"index":9}}', (b"null", "opening-malformed")],
)
def a_line_of_openings_is_overwritten_with_noise(told: Attacked, noise: bytes) -> dict[str, Any]:
    told.present("board")
    told.attack()
    return line_of(told, told.board.person, lambda lines, index: noise)


@forgery("erasure", finds="openings-out-of-order", only="store")
def a_line_of_openings_stands_in_the_place_of_another(told: Attacked) -> dict[str, Any]:
    told.present("board")
    told.attack()
    return line_of(told, told.board.person, lambda lines, index: lines[index - 1])


@forgery("erasure", finds="opening-repeated", only="store")
def an_opening_is_repeated_in_the_store(told: Attacked) -> dict[str, Any]:
    told.present("board")
    told.attack()

    def twice(lines: list[bytes], index: int) -> bytes:
        before, found = lines[index].split(b"[[", 1)
        first = found.split(b"],[", 1)[0]
        return before + b"[[" + first + b"],[" + found

    return line_of(told, told.board.person, twice)


# --- values and files that were changed ---------------------------------------------------------------------------------


@forgery("erasure", finds="field-must-be-open")
def the_state_of_a_superseded_version_is_erased(told: Attacked) -> dict[str, Any]:
    told.revoke(told.certified())
    told.attack()
    return hidden(told, "identification.Decision", "state", 2)


@forgery("erasure", finds="opening-of-nothing", only="bundle")
def an_opening_is_shown_with_another_value(told: Attacked) -> dict[str, Any]:
    told.missing()
    told.attack()

    def changed(entries: list[Fields], lines: list[Fields]) -> None:
        for line in lines:
            line["openings"] = [[s, n, "Іваненко" if n == "family_name" else v] for s, n, v in line["openings"]]

    return {"change_lines": changed}


def rewrite(store: Path, old: bytes, new: bytes, where: str) -> None:
    path = store / where
    data = path.read_bytes()
    assert old in data
    path.write_bytes(data.replace(old, new))


@forgery("erasure", finds="opening-of-nothing", only="store")
def an_opening_in_the_store_is_given_another_value(told: Attacked) -> dict[str, Any]:
    told.missing()
    told.attack()
    old, new = '"family_name","Петренко"'.encode(), '"family_name","Іваненко"'.encode()
    return {"spoil": lambda store: rewrite(store, old, new, "openings/000.jsonl")}


@forgery("erasure", finds="opening-of-nothing", only="store")
def a_superseded_opening_in_the_store_is_given_another_salt(told: Attacked) -> dict[str, Any]:
    told.revoke(certified := told.certified())
    told.attack()
    index = next(i for i, e in enumerate(told.log.entries) if (e["record"], e["version"]) == (certified, 1))
    salt = next(salt for salt, name, _ in told.log.openings[index] if name == "reason")
    return {"spoil": lambda store: rewrite(store, salt.encode(), b"0" * 64, "openings/000.jsonl")}


@forgery("erasure", finds="opening-of-nothing", only="bundle")
def an_opening_is_shown_under_the_name_of_another_field(told: Attacked) -> dict[str, Any]:
    told.missing()
    told.attack()

    def renamed(entries: list[Fields], lines: list[Fields]) -> None:
        for line in lines:
            line["openings"] = [[s, "given_name" if n == "family_name" else n, v] for s, n, v in line["openings"]]

    return {"change_lines": renamed}


def entries_of(store: Path) -> Path:
    return next((store / "ledger" / "tile" / "entries").glob("000*/*"))


@forgery("erasure", finds="file-size-differs", only="store")
def the_tile_of_entries_is_cut(told: Attacked) -> dict[str, Any]:
    told.attack()
    return {"spoil": lambda store: entries_of(store).write_bytes(entries_of(store).read_bytes()[:-3])}


@forgery("erasure", finds="file-missing", only="store")
def the_tile_of_entries_is_gone(told: Attacked) -> dict[str, Any]:
    told.attack()
    return {"spoil": lambda store: entries_of(store).unlink()}


@forgery("erasure", finds="entry-malformed", only="store")
def a_byte_of_an_entry_is_changed(told: Attacked) -> dict[str, Any]:
    told.attack()

    def spoiled(store: Path) -> None:
        data = entries_of(store).read_bytes()
        entries_of(store).write_bytes(data.replace(b'"v":2', b'"v":3', 1))

    return {"spoil": spoiled}


@forgery("erasure", finds="entries-not-of-this-head", only="store")
def an_entry_is_taken_out_of_the_middle_and_the_old_head_is_kept(told: Attacked) -> dict[str, Any]:
    told.missing()
    told.unit()
    told.attack()

    def spoiled(store: Path) -> None:
        path = entries_of(store)
        data, place, kept = path.read_bytes(), 0, []
        while place < len(data):
            length = 2 + int.from_bytes(data[place : place + 2], "big")
            kept.append(data[place : place + length])
            place += length
        del kept[7]
        path.write_bytes(b"".join(kept) + kept[-1])

    return {"spoil": spoiled}


@forgery("erasure", finds="tile-of-another-width", only="store")
def bytes_stand_after_the_last_entry_of_a_tile(told: Attacked) -> dict[str, Any]:
    told.attack()
    return {"spoil": lambda store: entries_of(store).write_bytes(entries_of(store).read_bytes() + b"\0\1x")}


@forgery("erasure", finds="file-not-declared", only="bundle")
def a_photograph_is_gone_from_the_vault(told: Attacked) -> dict[str, Any]:
    told.unit()
    told.attack()
    return {"change_files": lambda files: [files.pop(path) for path in list(files) if path.startswith("files/")]}
