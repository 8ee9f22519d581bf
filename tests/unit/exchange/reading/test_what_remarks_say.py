"""Remarks are codes with values: whatever no page could say is refused before it is filed."""

from __future__ import annotations

import pytest

from dokaz.errors import BadChoice
from dokaz.exchange.reading.remarks import in_words, must_be_remarks, remark


def test_what_readers_write_is_taken() -> None:
    found = [
        remark("column_unknown", column="hair"),
        remark("far_from_grave", file="a.csv", line=3, number="KLN1-G01-0001-B-5", metres=1200),
        remark("sex_of_amelogenin", file="f", line=1, member="m", family="F", seen="male", stated="female"),
    ]
    must_be_remarks(found)
    assert in_words(found[1]).endswith("lies 1,200 m from the points of its grave")


@pytest.mark.parametrize(
    "hostile",
    [
        {},
        {"code": "no such code"},
        {"code": ["column_unknown"]},
        {"code": "column_unknown"},
        {"code": "far_from_grave", "file": "a", "line": 1, "number": "n", "metres": "far"},
        {
            "code": "sex_of_amelogenin",
            "file": "f",
            "line": 1,
            "member": "m",
            "family": "F",
            "seen": [],
            "stated": "male",
        },
        "column_unknown",
        None,
    ],
)
def test_what_no_page_could_say_is_refused(hostile: object) -> None:
    with pytest.raises(BadChoice, match="remarks"):
        must_be_remarks([remark("no_exif"), hostile])
