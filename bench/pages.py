"""How long pages take: SQLite, 50,000 recovery units, two workers, one reader; medians of warm answers.

Usage: python bench/pages.py [--units 50000] [--keep DIRECTORY]

Each figure is also given as a multiple of the sign-in page, which reads no record. Fails where a median is above 150 ms.
"""

from __future__ import annotations

import argparse
import http.cookiejar
import os
import re
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.parse
import urllib.request
from pathlib import Path
from typing import Any

TARGET_MS = 150.0
WARM, TIMES = 3, 15
GRAVES_A_SITE, UNITS_A_GRAVE = 20, 125
WORDS = "лише для вимірювання швидкості"
LOGIN = "investigator"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--units", type=int, default=50_000)
    parser.add_argument("--keep", type=Path, help="where the store goes, or lies from an earlier run")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        store = (given.keep or Path(temporary)) / "store"
        if not store.exists():
            begun = time.perf_counter()
            entries = seed(store, given.units)
            took = time.perf_counter() - begun
            print(
                f"seeded: {given.units:,} units, {entries:,} entries in {took:.0f} s ({entries / took:,.0f} entries/s)"
            )
        return measure(store)


# --- an invented investigation of this size -------------------------------------------------------------------------------


def seed(path: Path, units: int) -> int:
    """Fill a store through the acts that people use, in a few large filings; returns the number of entries."""
    from dokaz.casework.store import make_store
    from dokaz.cli.init import found_investigation

    make_store(path, origin="example.org/dokaz/bench")
    found_investigation(
        path, {"Administrator": WORDS}, name="Invented", mandate="to measure", mandate_authority="Nobody"
    )
    from dokaz.casework import journal
    from dokaz.casework.acts import hand_over, take_over
    from dokaz.casework.filing import filing
    from dokaz.casework.models import Person
    from dokaz.casework.queries import actor, key_of, person_named
    from dokaz.casework.store import current_store
    from dokaz.cli.frame import now
    from dokaz.cli.user import enrolled
    from dokaz.graves.acts import lift, open_grave, open_site, register_unit
    from dokaz.graves.models import RecoveryUnit
    from dokaz.graves.places import Point
    from dokaz.missing.acts import report
    from dokaz.mortuary.acts import examine, receive, sample
    from dokaz.site.sign_ins import open_sign_in

    store = current_store()
    admin = person_named("Administrator")
    key = key_of(admin.id)
    assert key is not None
    chief = actor(admin, "administrator", store.unlock(key.number, WORDS))
    acting = {}
    for role in ("scene", "mortuary", "family_liaison", "investigator"):
        own = store.new_personal_key(WORDS)
        person = enrolled(store, chief, f"The {role}", [role], own)
        acting[role] = actor(person, role, own)
    open_sign_in(person_named("The investigator"), LOGIN, WORDS)

    def file(role: str) -> Any:
        return filing(by=acting[role], at=now(), store=store)

    moved, left, grave_number = [], units, 0
    while left > 0:
        with file("scene") as f:
            site = open_site(f, code=f"S{grave_number // GRAVES_A_SITE:02}", name="Invented forest", crs="EPSG:32637")
            for _ in range(GRAVES_A_SITE):
                grave = open_grave(site, f, code=f"G{grave_number:03}")
                grave_number += 1
                for nth in range(min(UNITS_A_GRAVE, left)):
                    unit = register_unit(
                        grave, f, type="B", points=[Point(f"{334000 + nth % 12}.25", f"{5500000 + nth // 12}.5")]
                    )
                    if nth % 4 == 0:
                        lift(unit, f, emergency_reason="Invented: shelling")
                        if nth % 20 == 0:
                            moved.append(unit)
                left = max(0, left - UNITS_A_GRAVE)
        shown(units - left, units, "units")
    mortuary = Person.objects.get(pk=acting["mortuary"].person)
    with file("scene") as f:
        transfers = [
            hand_over(moved[at : at + 50], f, to=mortuary, from_place="In situ", to_place="Mortuary 1")
            for at in range(0, len(moved), 50)
        ]
    with file("mortuary") as f:
        for transfer in transfers:
            take_over(transfer, f)
    with file("mortuary") as f:
        for unit in RecoveryUnit.objects.filter(pk__in=[unit.pk for unit in moved]).order_by("number"):
            receive(unit, f)
            examine(unit, f, sex=4, sex_method="pelvis", age_years=(25, 40), elements=["femur:left"])
            sample(unit, f, element="femur:left")
    with file("family_liaison") as f:
        for nth in range(units // 10):
            report(f, family_name=f"Вигаданий {nth}", given_name="Іван", sex="male", born="1980")
    return journal.size()


def shown(done: int, total: int, what: str) -> None:
    if sys.stderr.isatty():
        sys.stderr.write(f"\r{done:,} of {total:,} {what} ")


# --- a reader -------------------------------------------------------------------------------------------------------------


def measure(store: Path) -> int:
    """Serve the store with two workers, sign in, and read every kind of page."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    environment = os.environ | {"DOKAZ_STORE": str(store)}
    dokaz = Path(sys.executable).parent / "dokaz"
    server = subprocess.Popen(
        [str(dokaz), "serve", "--port", str(port), "--workers", "2"],
        env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True,
    )  # fmt: skip
    try:
        reader = Reader(f"http://127.0.0.1:{port}")
        reader.wait()
        code = subprocess.run(
            [str(dokaz), "user", "code", LOGIN], env=environment, capture_output=True, text=True, check=True
        ).stdout.strip()
        bare = reader.median("/account/login/")
        reader.sign_in(code)
        unit, person = (
            reader.first("/units/", r"/units/([A-Z0-9.-]+)/"),
            reader.first("/missing/", r"/missing/(MP-\d+)/"),
        )
        grave = unit.rsplit("-", 3)[0]
        pages = [
            "/", "/map/", "/sites/", "/sites/S00/", f"/graves/{grave}/", "/units/", "/units/?page=200", "/units/?q=0017",
            f"/units/{unit}/", "/inventory/", "/custody/", "/mortuary/", "/mortuary/samples/", "/missing/",
            f"/missing/{person}/", "/identification/", "/ledger/", "/ledger/entries/", "/ledger/entries/1000/", "/bundles/",
        ]  # fmt: skip
        print(f"{'page':<28} {'median':>9}  of 150 ms  x sign-in page ({bare:.1f} ms)")
        slow = []
        for path in pages:
            median = reader.median(path)
            print(f"{path:<28} {median:6.1f} ms  {median / TARGET_MS:8.2f}  {median / bare:8.1f}")
            if median > TARGET_MS:
                slow.append(path)
        print("every page within 150 ms" if not slow else f"above 150 ms: {', '.join(slow)}")
        return 1 if slow else 0
    finally:
        os.killpg(server.pid, signal.SIGTERM)
        server.wait(20)


class Reader:
    """One person with a browser's patience: keeps cookies, asks for one page after the other."""

    def __init__(self, address: str) -> None:
        self.address = address
        cookies = urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar())
        self.opener = urllib.request.build_opener(cookies)

    def read(self, path: str, form: dict[str, str] | None = None) -> str:
        data = urllib.parse.urlencode(form).encode() if form is not None else None
        request = urllib.request.Request(self.address + path, data, {"Referer": self.address + path})
        with self.opener.open(request, timeout=120) as answer:
            text: str = answer.read().decode()
            return text

    def wait(self) -> None:
        for _ in range(300):
            try:
                self.read("/account/login/")
            except OSError:
                time.sleep(0.1)
            else:
                return
        raise TimeoutError("the server does not answer")

    def sign_in(self, code: str) -> None:
        self.submit("/account/login/", login=LOGIN, password=WORDS)
        self.submit("/account/second-factor/authenticate/", code=code)
        assert "account/logout" in self.read("/"), "not signed in"

    def submit(self, path: str, **fields: str) -> None:
        token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', self.read(path))
        assert token, path
        self.read(path, {"csrfmiddlewaretoken": token[1], **fields})

    def first(self, path: str, pattern: str) -> str:
        found = re.search(pattern, self.read(path))
        assert found, f"{path} shows no {pattern}"
        return found[1]

    def median(self, path: str) -> float:
        """Milliseconds."""
        for _ in range(WARM):
            self.read(path)
        taken = []
        for _ in range(TIMES):
            begun = time.perf_counter()
            self.read(path)
            taken.append(1000 * (time.perf_counter() - begun))
        return statistics.median(taken)


if __name__ == "__main__":
    sys.exit(main())
