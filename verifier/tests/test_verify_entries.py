"""An entry as it is read: what was signed is cut out of its bytes, and what an opening is hashed as is put together."""

from __future__ import annotations

from typing import Any

import pytest
from builder import canonical, entry_message, sha, signed
from dokaz_verify.canonical import read
from dokaz_verify.entries import Entry, Opening
from story import Story


def test_a_field_that_is_called_signature_is_signed_like_any_other(story: Story) -> None:
    held = (story.log.salt(), "signature", "x")
    entry, _openings = story.log.version("graves.open_site", "graves.Site", story.scene, {}, openings={held[1]: held})
    entry = signed(entry, story.scene.key)
    assert "signature" in entry["fields"]
    assert Entry.of(0, read(canonical(entry))).own_message == entry_message(entry)


@pytest.mark.parametrize("value", ["", 'a "quoted"\ttext\\', "Ізюм \U0001f56f", None, True, 5, ["x"], {"a": "б"}])
def test_an_opening_is_hashed_as_the_canonical_list_of_its_parts(value: Any) -> None:
    opening = ["ab" * 32, "name", value]
    assert Opening.of(opening).digest == sha(canonical(opening))
