"""Whoever sent a delivery sees how far it is; nobody else does, and nothing of it stays."""

from __future__ import annotations

from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

TOKEN = "0123456789abcdef" * 2
TABLE = "number,family_name,given_name,sex\n" + "".join(f"MP-{n:04},Вигаданий,Іван,male\n" for n in range(1, 4))


def test_the_page_is_told_of_reading_and_of_filing(house: Any, browser: Any, monkeypatch: Any) -> None:
    from dokaz.site import delivery_progress

    monkeypatch.setattr(delivery_progress, "_EVERY", 0)
    client, other = browser("family_liaison"), browser("scene")
    seen: list[tuple[str, str]] = []

    def looking(real: Any) -> Any:
        def replaced(source: Any, target: Any) -> None:
            real(source, target)
            address = f"/deliveries/progress/{TOKEN}/"
            seen.append((client.get(address).content.decode(), other.get(address).content.decode()))

        return replaced

    monkeypatch.setattr(delivery_progress.os, "replace", looking(delivery_progress.os.replace))
    sent = {"file": SimpleUploadedFile("m.csv", TABLE.encode()), "watch": TOKEN}
    assert client.post("/deliveries/new/missing/", sent).status_code == 302
    words = [one for one, _ in seen]
    assert words[0] == "The files are here, and are being read."
    assert words[1] == "Filing; if others file, one waits for them."
    assert words[-1] == "Filing: 3 of 3."
    assert {another for _, another in seen} == {""}
    assert list((house.store.path / "cache" / "progress").iterdir()) == []


def test_a_refused_delivery_leaves_nothing_either(house: Any, browser: Any) -> None:
    sent = {"file": SimpleUploadedFile("m.csv", b"x"), "watch": TOKEN}
    assert browser("family_liaison").post("/deliveries/new/missing/", sent).status_code == 200
    assert list((house.store.path / "cache" / "progress").iterdir()) == []


def test_what_is_no_token_names_no_file(house: Any, browser: Any) -> None:
    client = browser("family_liaison")
    assert client.get("/deliveries/progress/..%2f..%2fsecret/").status_code == 404
    assert client.get("/deliveries/progress/abc/").status_code == 404
    sent = {"file": SimpleUploadedFile("m.csv", TABLE.encode()), "watch": "../../x"}
    assert client.post("/deliveries/new/missing/", sent).status_code == 302


def test_the_form_names_what_its_page_asks_by(house: Any, browser: Any) -> None:
    import re

    page = browser("family_liaison").get("/deliveries/new/missing/").content.decode()
    (asked,) = re.findall(r'data-watch="/deliveries/progress/([0-9a-f]{32})/"', page)
    assert f'name="watch" value="{asked}"' in page
