"""Keep the example in docs/ledger-format.md genuine.

    python tools/example.py update    open an investigation in a temporary store, and show a checkpoint and an entry of it
    python tools/example.py check     read what the page shows, and verify it with dokaz-verify's own code

Nothing of the store is kept: its keys sign nothing else, and its people are invented.
"""

from __future__ import annotations

import json
import os
import re
import sys
import tempfile
from hashlib import sha256
from pathlib import Path
from typing import Any

PAGE = Path(__file__).resolve().parent.parent / "docs" / "ledger-format.md"
START, END = "<!-- example:start -->\n", "<!-- example:end -->\n"
BLOCK = re.compile(r"^```(\w+) (\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)

TEXT = """\
The public key of a log, published where the log's operator cannot change it (a court filing, a newspaper):

```text key
{key}
```

A checkpoint of that log. It says: this log, so many entries, this root; and the log's key signed it.

```text checkpoint
{checkpoint}```

Entry {index} of that log: an administrator appoints a member of the board. White space is added here for reading; what is
hashed has none. Its leaf hash is `{leaf}`.
`log` is the id of this log, the SHA-256 of its public key as it is written above. `base` says how far the log went when the
filing began: {base} entries were there, and their root was this.

```json entry
{entry}
```

What its fields say, each under its own salt. Leave one out, and the entry still verifies:

```json openings
{openings}
```

The receipt that whoever filed it can keep: the way from the leaf to the root, and the checkpoint that signs the root.

```text receipt
{receipt}```

The administrator's public key, with which `signature` is checked (its SHA-256 is the entry's `actor`):
`{person_key}`.

`python tools/example.py check` reads this section and verifies every part of it.
"""


def update() -> None:
    """Write a new example into the page."""
    with tempfile.TemporaryDirectory() as directory:
        shown = _made_in(Path(directory) / "store")
    page = PAGE.read_text(encoding="utf-8")
    before, _, rest = page.partition(START)
    _, _, after = rest.partition(END)
    PAGE.write_text(before + START + TEXT.format(**shown) + END + after, encoding="utf-8")


def _made_in(path: Path) -> dict[str, Any]:
    os.environ.pop("DOKAZ_DATABASE", None)
    from dokaz.casework.store import make_store
    from dokaz.cli.init import found_investigation

    words = "nothing else is signed with these keys"
    make_store(path, origin="example.org/dokaz/vyshneve")
    key = found_investigation(
        path, {"Ada Administrator": words}, name="An invented investigation", mandate="to exhume and to identify",
        mandate_authority="Invented Prosecutor's Office",
    )  # fmt: skip
    from dokaz.casework.journal import history
    from dokaz.casework.models import Key, Office
    from dokaz.casework.queries import person_named
    from dokaz.casework.store import current_store
    from dokaz.cli.frame import acting
    from dokaz.cli.user import enrolled
    from dokaz.ledger import parse

    os.environ["DOKAZ_PASSPHRASE"] = words
    store = current_store()
    chief = acting(store, "Ada Administrator", "administrator")
    person = enrolled(store, chief, "Bohdana Board", ["board"], store.new_personal_key(words))
    office = Office.objects.get(person=person)
    version = history(office.id)[0]
    openings = [[o.salt, o.name, o.value] for o in _openings(version)]
    return {
        "key": key,
        "checkpoint": store.log.note,
        "index": version.index,
        "leaf": version.entry.leaf_hash,
        "base": version.entry.base.size,
        "entry": json.dumps(parse(version.entry.to_bytes()), ensure_ascii=False, indent=1, sort_keys=True),
        "openings": "[\n" + ",\n".join(f" {json.dumps(o, ensure_ascii=False)}" for o in openings) + "\n]",
        "receipt": str(store.log.receipt(version.index)),
        "person_key": Key.objects.get(person=person_named("Ada Administrator")).public_key,
    }


def _openings(version: Any) -> list[Any]:
    from dokaz.casework.models import JournalOpening
    from dokaz.ledger import Opening, parse

    rows = JournalOpening.objects.in_bulk(list(version.entry.fields.values()))
    found = [rows[digest] for _name, digest in sorted(version.entry.fields.items())]
    return [Opening(row.salt, row.name, parse(row.value.encode())) for row in found]


def faults() -> list[str]:
    """What is not as the page says, each in one line."""
    from dokaz_verify.canonical import write
    from dokaz_verify.entries import Entry, Opening
    from dokaz_verify.notes import Checkpoint, LoggedProof, LogKey, signature_holds
    from dokaz_verify.tree import root_from_inclusion

    section = PAGE.read_text(encoding="utf-8").partition(START)[2].partition(END)[0]
    shown = {name: text for _, name, text in BLOCK.findall(section)}
    missing = {"key", "checkpoint", "entry", "openings", "receipt"} - set(shown)
    if missing:
        return [f"the example shows no {', no '.join(sorted(missing))}; run: python tools/example.py update"]
    key = LogKey.parse(shown["key"].strip())
    checkpoint = Checkpoint.parse(shown["checkpoint"].encode())
    receipt = LoggedProof.parse(shown["receipt"].encode())
    entry = Entry.of(receipt.index, json.loads(shown["entry"]))
    openings = [Opening.of(each) for each in json.loads(shown["openings"])]
    leaf = sha256(b"\0" + write(json.loads(shown["entry"]))).digest()
    person_key = re.search(r"`([0-9a-f]{64})`\.\n\n`python", section)
    holds = {
        "the checkpoint is signed by the key": checkpoint.is_signed_by(key),
        "the receipt is of the same checkpoint": receipt.checkpoint.signed_text == checkpoint.signed_text,
        "the leaf hash is the entry's": f"`{leaf.hex()}`" in section,
        "the receipt leads from the entry to the root": root_from_inclusion(
            receipt.index, checkpoint.size, leaf, receipt.path
        )
        == checkpoint.root,
        "every field is opened, and nothing else": {o.name: o.digest for o in openings} == entry.fields
        and len(openings) == len(entry.fields),
        "the entry names this log": sha256(shown["key"].strip().encode()).hexdigest() == entry.log,
        "the base is as the page says": entry.base.size <= entry.index and f": {entry.base.size} entries" in section,
        "the actor signed the entry": person_key is not None
        and sha256(bytes.fromhex(person_key[1])).hexdigest() == entry.actor
        and signature_holds(bytes.fromhex(person_key[1]), entry.signature, entry.own_message),
    }
    return [f"docs/ledger-format.md: it does not hold that {what}" for what, is_so in holds.items() if not is_so]


def main(arguments: list[str]) -> int:
    if arguments not in (["update"], ["check"]):
        print(__doc__, file=sys.stderr)
        return 2
    if arguments == ["update"]:
        update()
    wrong = faults()
    for line in wrong:
        print(line)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
