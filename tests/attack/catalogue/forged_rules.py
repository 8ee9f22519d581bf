"""Power over the rules: logs that are founded on others, or adopt them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from builder import sha, standard
from forgery import Attacked, forgery


def _lax(change: Callable[[dict[str, Any]], None]) -> dict[str, Any]:
    rules = standard()
    change(rules)
    return rules


ACTS, KINDS = "acts", "kinds"
LAX: dict[str, Callable[[dict[str, Any]], None]] = {
    "one may certify": lambda r: r[ACTS]["identification.certify"].update(assents=1),
    "a session may certify": lambda r: r[ACTS]["identification.certify"].update(signed_by="session"),
    "the mortuary may certify": lambda r: r[ACTS]["identification.certify"]["offices"].append("mortuary"),
    "no comparison is needed": lambda r: r[ACTS]["identification.certify"]["files"]["identification.Decision"][
        "change"
    ].update(rules=[]),
    "a decision may be born certified": lambda r: r[ACTS]["identification.lay_before_board"]["files"][
        "identification.Decision"
    ]["new"]["states"].append("certified"),
    "a certificate may change its remains": lambda r: r[ACTS]["identification.notify_family"]["files"][
        "identification.Decision"
    ]["change"]["fields"].append("recovery_unit"),
    "what is revoked may be certified": lambda r: r[ACTS]["identification.certify"]["files"]["identification.Decision"][
        "change"
    ]["moves"].update(revoked=["certified"]),
    "the state may be withheld": lambda r: r[KINDS]["identification.Decision"]["open"].remove("state"),
    "the state may be any text": lambda r: r[KINDS]["identification.Decision"]["fields"].update(state={"type": "text"}),
    "a state more": lambda r: r[KINDS]["identification.Decision"]["fields"]["state"]["values"].append("settled"),
    "an act is missing": lambda r: r[ACTS].pop("identification.revoke"),
    "a kind is missing": lambda r: (
        r[KINDS].pop("identification.Search"),
        r[ACTS].pop("identification.search"),
        r[ACTS].pop("identification.void_search"),
    ),
    "an act more that files decisions": lambda r: r[ACTS].update(
        {"identification.import": r[ACTS]["identification.lay_before_board"]}
    ),
    "a field more": lambda r: r[KINDS]["identification.Decision"]["fields"].update(
        note={"type": "text", "default": ""}
    ),
}


@forgery("power", finds="constitution-changed", of=list(LAX), rules=lambda change: _lax(LAX[change]))
def a_log_is_founded_on_rules_by_which(told: Attacked, change: str) -> None:
    told.attack()


@forgery("power", finds="constitution-changed", by="operator, administrator, administrator", of=list(LAX)[:4])
def two_administrators_adopt_rules_by_which(told: Attacked, change: str) -> None:
    told.attack(told.admin, told.admin_too)
    told.adopt(told.propose(_lax(LAX[change])), (told.admin, told.admin_too))


@forgery("power", finds="signatures-not-as-many", by="operator, administrator")
def one_administrator_adopts_rules_alone(told: Attacked) -> None:
    told.attack(told.admin)
    told.adopt(told.propose(standard()), (told.admin,))


@forgery("power", finds="change-not-allowed", by="operator, administrator, administrator")
def other_rules_are_adopted_than_were_proposed(told: Attacked) -> None:
    told.attack(told.admin, told.admin_too)
    proposed = told.propose(standard())
    told.adopt(proposed, (told.admin, told.admin_too), rules=_lax(LAX["one may certify"]))


@forgery("power", finds="constitution-not-of-this-hash", by="operator, administrator, administrator")
def rules_are_adopted_under_the_hash_of_others(told: Attacked) -> None:
    told.attack(told.admin, told.admin_too)
    rules = _lax(lambda rules: rules["kinds"]["graves.Site"]["open"].append("name"))
    told.adopt(told.propose(rules, sha256=sha(b"the standard")), (told.admin, told.admin_too))


@forgery("power", finds="constitution-malformed", by="operator, administrator, administrator")
def rules_are_adopted_that_no_verifier_knows(told: Attacked) -> None:
    told.attack(told.admin, told.admin_too)
    rules = _lax(
        lambda r: r[ACTS]["graves.lift"]["files"]["graves.RecoveryUnit"]["change"]["rules"].append({"rule": "trusted"})
    )
    told.adopt(told.propose(rules), (told.admin, told.admin_too))


@forgery("power", finds="signature-wrong")
def the_operator_adopts_rules_without_an_administrator(told: Attacked) -> None:
    proposed = told.propose(standard())
    told.attack()
    told.adopt(proposed, (told.admin, told.admin_too))
