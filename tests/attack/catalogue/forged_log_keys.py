"""The key of the log: whoever runs the system holds all of its keys, the revoked ones too."""

from __future__ import annotations

from typing import Any

from builder import Key
from forgery import LEFT_OUT, Attacked, forgery


@forgery("log key", by="operator, administrator", finds="signatures-not-as-many")
def the_key_of_the_log_is_replaced_by_one_administrator(told: Attacked) -> None:
    told.attack(told.admin)
    told.replace_log_key([told.admin])


@forgery("log key", by="operator, administrator", finds="signature-wrong")
def the_second_administrators_agreement_to_a_key_of_the_log_is_forged(told: Attacked) -> None:
    told.attack(told.admin)
    told.replace_log_key()


@forgery("log key", by="operator, administrator", finds="born-in-another-state")
def a_key_of_the_log_is_in_force_from_its_proposal_on(told: Attacked) -> None:
    told.attack(told.admin)
    key = Key(told.log.rng)
    told.propose_log_key(key, state="in_force")
    told.log.later_key = key


@forgery("log key", finds="checkpoint-of-a-revoked-key")
def a_checkpoint_is_signed_by_the_key_that_was_revoked(told: Attacked) -> None:
    told.replace_log_key()
    told.attack()
    told.log.later_key = None


@forgery("log key", finds="checkpoint-not-signed")
def a_checkpoint_is_signed_by_a_key_that_nobody_put_in_force(told: Attacked) -> None:
    told.attack()
    told.log.later_key = Key(told.log.rng)


@forgery("log key", by="operator, administrator, administrator", finds="log-key-not-new")
def a_revoked_key_is_put_in_force_again(told: Attacked) -> None:
    told.replace_log_key()
    told.attack(told.admin, told.admin_too)
    told.put_in_force(told.propose_log_key(told.log.key))
    told.log.later_key = None


@forgery("log key", by="operator, administrator", finds="move-not-allowed")
def the_revocation_of_a_key_of_the_log_is_taken_back(told: Attacked) -> None:
    """The key that was put in force is withdrawn, so that the one before it would sign again."""
    told.replace_log_key()
    proposed = next(r for r, held in told.log.records.items() if held.kind == "casework.CheckpointKey")
    told.attack(told.admin)
    told.withdraw(proposed)


@forgery("log key", finds="checkpoint-not-signed", only="bundle")
def the_replacement_of_the_key_is_left_out_of_a_bundle(told: Attacked) -> dict[str, Any]:
    told.replace_log_key()
    told.attack()
    return {"only": lambda entry: entry["kind"] != "casework.CheckpointKey"}


@forgery("log key", unseen=LEFT_OUT, only="bundle")
def the_replacement_is_left_out_and_the_revoked_key_signs(told: Attacked) -> dict[str, Any]:
    """Whoever knows the newest key gives it to the verifier, and sees that this bundle does not know it."""
    told.replace_log_key()
    told.attack()
    told.log.later_key = None
    return {"only": lambda entry: entry["kind"] != "casework.CheckpointKey"}
