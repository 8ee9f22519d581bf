"""What would break if somebody changed an entry unseen: the change is made here, on paper, and every hash computed anew.

Nothing is written. The same arithmetic is what a verifier does; here it is shown step by step.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from dokaz.errors import BadProof, TrustError
from dokaz.ledger import Entry, Opening, leaf_hash, verify_inclusion
from dokaz.ledger.merkle import node_hash
from dokaz.ledger.personal import verify


@dataclass(frozen=True)
class LogPlace:
    """Where an entry is in the published log.

    Args:
        index, size: Of the entry and of the checkpoint.
        path: Inclusion proof, from the leaf's sibling upwards.
        root: The checkpoint's root, 32 bytes.
        after: Leaf hash of the entry behind it; empty for the last one.
    """

    index: int
    size: int
    path: tuple[bytes, ...]
    root: bytes
    after: str = ""


@dataclass(frozen=True)
class Link:
    """One thing that holds, or no longer holds, after a change.

    Args:
        what: What is compared.
        was: What the ledger says, in hex or words.
        would_be: What the changed entry gives.
        why: What a stranger concludes.
    """

    what: str
    was: str
    would_be: str
    why: str | Promise = ""

    @property
    def fits(self) -> bool:
        """Both are the same."""
        return self.was == self.would_be


CHANGES: dict[str, str | Promise] = {
    "letter": gettext_lazy("one letter of a field is changed"),
    "clock": gettext_lazy("the clock is turned back by an hour"),
    "signature": gettext_lazy("a signature is replaced by another one"),
    "removal": gettext_lazy("the entry is taken out"),
}


def root_from(index: int, size: int, leaf: bytes, path: Sequence[bytes]) -> bytes:
    """The root to which a leaf leads over an inclusion path (RFC 6962, section 2.1.1)."""
    node, last, value = index, size - 1, leaf
    for sibling in path:
        if node & 1 or node == last:
            value = node_hash(sibling, value)
            while node and not node & 1:
                node, last = node >> 1, last >> 1
        else:
            value = node_hash(value, sibling)
        node, last = node >> 1, last >> 1
    return value


def one_letter(value: str) -> str:
    """The value with one letter or digit changed, as somebody would who hopes that nobody notices."""
    for at, letter in enumerate(value):
        if letter.isdigit():
            return value[:at] + str((int(letter) + 1) % 10) + value[at + 1 :]
        if letter.isalpha():
            other = ("e" if letter != "e" else "a") if letter.isascii() else ("і" if letter != "і" else "и")
            return value[:at] + other + value[at + 1 :]
    return value + "."


def changed_opening(opening: Opening) -> Opening:
    """The opening with one letter of its value changed."""
    value = opening.value
    if isinstance(value, str):
        return replace(opening, value=one_letter(value))
    if isinstance(value, bool) or value is None:
        return replace(opening, value="." if value is None else not value)
    if isinstance(value, int):
        return replace(opening, value=value + 1)
    return replace(opening, value=[])


def letter(entry: Entry, opening: Opening, place: LogPlace, next_previous: str) -> list[Link]:
    """Change one letter of a field, and hide it as well as one can."""
    after = changed_opening(opening)
    links = [
        Link(
            _("digest of the field"),
            opening.digest,
            after.digest,
            _("The entry commits to the first. Whoever opens the field sees at once that it is not what was filed."),
        )
    ]
    fields = {**entry.fields, opening.name: after.digest}
    return links + _followed(entry, replace(entry, fields=fields), place, next_previous)


def clock(entry: Entry, place: LogPlace, next_previous: str) -> list[Link]:
    """Turn the clock of an entry back by an hour."""
    earlier = dt.datetime.fromisoformat(entry.at) - dt.timedelta(hours=1)
    changed = replace(entry, at=earlier.strftime("%Y-%m-%dT%H:%M:%SZ"))
    return [
        Link(_("time in the entry"), entry.at, changed.at),
        *_followed(entry, changed, place, next_previous),
    ]


def signature(entry: Entry, public_key: str, place: LogPlace, next_previous: str) -> list[Link]:
    """Put another signature in the place of the actor's: here, one bit of it is turned."""
    forged = replace(entry, signature=bytes([entry.signature[0] ^ 1]) + entry.signature[1:])
    links = [Link(_("signature"), entry.signature.hex(), forged.signature.hex())]
    try:
        verify(public_key, entry.body_for_signing(), forged.signature)
    except TrustError as error:
        links.append(
            Link(_("signature under the signer's public key"), _("holds"), error.what,
                 _("Only whoever has the signer's private key and passphrase can make one that holds."))
        )  # fmt: skip
    return links + _from_the_leaf(entry, forged, place, next_previous)


def removal(entry: Entry, place: LogPlace, next_previous: str) -> list[Link]:
    """Take the entry out; whatever follows moves up by one."""
    links = []
    if place.after:
        would_be = root_from(place.index, place.size, bytes.fromhex(place.after), place.path).hex()
        links.append(
            Link(
                _("entry at this place"),
                entry.leaf_hash,
                place.after,
                _("The next entry would stand here, and everything behind it one place too early."),
            )
        )
        links.append(Link(_("root of the tree"), place.root.hex(), would_be, _ROOT))
    links.append(
        Link(_("number of entries"), str(place.size), str(place.size - 1),
             _("The checkpoint was signed over the first number. Everybody who kept it can show that one is missing."))
    )  # fmt: skip
    if next_previous:
        links.append(Link(_("entry that the next version of this record names"), next_previous, _("nothing"), _CHAIN))
    return links


_ROOT = gettext_lazy(
    "The checkpoint is signed over the first. Every receipt, bundle and copy of it would contradict the ledger."
)
_CHAIN = gettext_lazy("The next version of this record names the first; the chain of its versions is broken.")


def _followed(entry: Entry, changed: Entry, place: LogPlace, next_previous: str) -> list[Link]:
    """If the entry is changed to fit: the signatures over it, and everything above."""
    signed = Link(
        _("what the signer signed"),
        leaf_hash(entry.body_for_signing()).hex(),
        leaf_hash(changed.body_for_signing()).hex(),
        _("The personal signature covers every byte of the entry; it no longer holds."),
    )
    return [signed, *_from_the_leaf(entry, changed, place, next_previous)]


def _from_the_leaf(entry: Entry, changed: Entry, place: LogPlace, next_previous: str) -> list[Link]:
    leaf = bytes.fromhex(changed.leaf_hash)
    links = [
        Link(
            _("hash of the entry"), entry.leaf_hash, changed.leaf_hash, _("One changed byte gives quite another hash.")
        )
    ]
    if next_previous:
        links.append(
            Link(_("entry that the next version of this record names"), next_previous, changed.leaf_hash, str(_CHAIN))
        )
    would_be = root_from(place.index, place.size, leaf, place.path)
    links.append(Link(_("root of the tree"), place.root.hex(), would_be.hex(), str(_ROOT)))
    try:
        verify_inclusion(place.index, place.size, leaf, place.path, place.root)
        proof = _("holds")
    except BadProof:
        proof = _("does not hold")
    convict = _(
        "To hide it, the log's key would have to sign another checkpoint: two signed histories, which convict it."
    )
    links.append(Link(_("inclusion proof under the signed checkpoint"), _("holds"), proof, convict))
    return links
