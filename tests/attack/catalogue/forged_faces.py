"""Two faces: histories, certificates and bundles of which one or the other is shown."""

from __future__ import annotations

from typing import Any

from builder import Fields, sha, signed
from forged_order import cut
from forgery import READING, SECOND_HISTORY, Attacked, forgery
from merkle import Tree, leaf


@forgery("two faces", finds="version-filed-twice", by="operator, board, board")
def two_contents_of_one_certificate_stand_in_the_log(told: Attacked) -> None:
    ready = told.ready_decision()
    given = told.assents("identification.certify", ready, told.board, told.board_too)
    before = told.log.records[ready]
    told.attack(told.board, told.board_too)
    told.change("identification.certify", ready, told.board, told.certificate_fields(), assents=given)
    told.log.records[ready] = before
    told.change("identification.certify", ready, told.board, told.certificate_fields(), assents=given)


@forgery("two faces", unseen=SECOND_HISTORY, only="bundle", by="operator, board, board")
def one_of_two_versions_two_is_left_out_of_the_bundle(told: Attacked) -> dict[str, Any]:
    two_contents_of_one_certificate_stand_in_the_log(told)
    last = told.log.entries[-1]
    return {"only": lambda entry: entry is not last}


@forgery("two faces", unseen=SECOND_HISTORY)
def two_logs_are_kept_under_one_key(told: Attacked) -> None:
    told.attack()
    cut(told, lambda entry: entry["kind"] == "casework.Delivery")


@forgery("two faces", finds="field-under-two-names", by="operator, board")
def one_digest_stands_under_two_names_of_one_certificate(told: Attacked) -> None:
    unit, missing = told.unit(), told.missing()
    good = told.signed_comparison(unit, missing)
    told.present("board")
    told.attack(told.board)
    salt = told.log.salt()
    told.log.file("identification.lay_before_board", "identification.Decision", told.board, {
        "recovery_unit": unit, "missing_person": missing, "comparisons": [good], "laid_by": told.board.person,
        "question": "identify"}, record=(record := told.log.uuid()), openings={"ruling": (salt, "reason", "")})  # fmt: skip
    first = told.log.entries[-1]
    before = told.log.entries[-1]["fields"]["ruling"]
    told.change("identification.withdraw", record, told.board, {"state": "withdrawn"},
                openings={"reason": (salt, "reason", "")})  # fmt: skip
    assert first["fields"]["ruling"] == before


@forgery("two faces", finds="entry-malformed", by="operator, board")
def one_digest_stands_twice_in_one_version(told: Attacked) -> None:
    unit, missing = told.unit(), told.missing()
    good = told.signed_comparison(unit, missing)
    told.present("board")
    told.attack(told.board)
    twin = (told.log.salt(), "reason", "")
    told.log.file("identification.lay_before_board", "identification.Decision", told.board, {
        "recovery_unit": unit, "missing_person": missing, "comparisons": [good], "laid_by": told.board.person,
        "question": "identify"}, openings={"ruling": twin, "reason": twin})  # fmt: skip


@forgery("two faces", finds="opening-of-nothing", only="bundle", by="operator, board, board")
def a_certificate_is_opened_with_the_content_of_its_other_face(told: Attacked) -> dict[str, Any]:
    ready = told.ready_decision()
    told.present("board_too")
    told.attack(told.board, told.board_too)
    told.certify(ready)
    log = told.log
    log.openings[-1] = [
        (log.salt(), n, "C-666") if n == "certificate_number" else (s, n, v) for s, n, v in log.openings[-1]
    ]
    return {}


@forgery("two faces", finds="previous-is-another", by="operator, board")
def a_version_names_another_before_it(told: Attacked) -> None:
    ready = told.ready_decision()
    told.attack(told.board)
    told.change(
        "identification.withdraw", ready, told.board, {"state": "withdrawn", "reason": "x"}, previous=["5" * 64]
    )


@forgery("two faces", finds="log-was-rewritten", only="bundle")
def the_log_of_the_receipt_is_another_than_the_log_that_is_shown(told: Attacked) -> dict[str, Any]:
    told.missing()
    told.attack()
    fork = Tree([*told.log.tree.leaves[:-1], leaf(b"another entry")])
    return {"change_files": lambda files: files.update({"log/checkpoint": told.log.checkpoint(fork)})}


@forgery("two faces", unseen=READING, only="bundle")
def the_pages_of_a_bundle_say_something_else_than_its_entries(told: Attacked) -> dict[str, Any]:
    told.certified()
    told.attack()
    page = b"<!doctype html>\n<title>Nobody was identified</title>\n"
    return {"change_files": lambda files: files.update({"index.html": page, "tables/units.csv": b"number\n"})}


@forgery("two faces", finds="receipt-of-another-act", only="bundle")
def a_bundle_is_filed_by_another_act(told: Attacked) -> dict[str, Any]:
    told.attack()
    return {"change_receipt": lambda receipt: receipt.update(act="casework.deliver")}


@forgery("two faces", finds="receipt-names-files", only="bundle")
def a_receipt_names_files_that_nobody_shows(told: Attacked) -> dict[str, Any]:
    told.attack()
    return {"change_receipt": lambda receipt: receipt.update(files=["sha256:" + "8" * 64])}


@forgery("two faces", finds="file-of-no-entry", only="bundle")
def a_picture_that_nobody_filed_lies_among_the_files(told: Attacked) -> dict[str, Any]:
    told.attack()
    data = b"\xff\xd8 a planted picture"
    return {"change_files": lambda files: files.update({f"files/{sha(data)}": data})}


@forgery("two faces", finds="entry-not-in-the-log", only="bundle", by="operator, family_liaison")
def an_entry_is_shown_with_another_content_than_in_the_log(told: Attacked) -> dict[str, Any]:
    told.missing()
    told.attack(told.liaison)

    def other(entries: list[Fields], lines: list[Fields]) -> None:
        entry = entries[-1]["entry"]
        entries[-1]["entry"] = signed({**entry, "files": ["sha256:" + "9" * 64]}, told.liaison.key)

    return {"change_lines": other}
