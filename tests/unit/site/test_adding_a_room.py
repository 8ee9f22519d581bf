"""docs/adding-a-room.md is carried out: its files are made, and the room that they make is used from grave to bundle."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

PAGE = Path(__file__).parents[3] / "docs" / "adding-a-room.md"
FILES = dict(re.findall(r"^```python (visits/\w+\.py)\n(.*?)^```", PAGE.read_text(encoding="utf-8"), re.M | re.DOTALL))
MOST_LINES = 120
MOST_FILES = 5

SETTINGS = """
from dokaz.site.settings import *

ALLOWED_HOSTS.append("testserver")
INSTALLED_APPS.insert(INSTALLED_APPS.index("dokaz.mortuary"), "visits")
"""

# Steps that the page promises, each by the door that people use.
STORY = """
import datetime as dt

import django

django.setup()

from django.contrib.auth.models import User
from django.test import Client
from dokaz.casework.acts import appoint, enrol, offer
from dokaz.casework.filing import Actor, filing
from dokaz.casework.models import Account, JournalEntry, Office
from dokaz.casework.queries import actor, person_named
from dokaz.casework.rooms import rooms, stages, steps
from dokaz.casework.store import current_store
from dokaz.graves.acts import open_grave, open_site
from dokaz.graves.models import Grave

NOW = dt.datetime(2026, 5, 4, 9, tzinfo=dt.UTC)
store = current_store()
key = store.new_personal_key("a sentence only she knows")
chief = actor(person_named("Administrator"), "administrator")
chief = Actor(chief.person, chief.office, chief.role, chief.key_id, store.unlock(chief.key_id, "a sentence only she knows"))
with filing(by=chief, at=NOW) as f:
    person = enrol(f, name="Officer", key=offer(key, store))
    office = appoint(person, f, role="scene")
    appoint(person, f, role="auditor")
scene = Actor(person.id, office.id, "scene", key.key_id, key)
with filing(by=scene, at=NOW) as f:
    site = open_site(f, code="LIS", name="Lis", crs="EPSG:32637")
    grave = open_grave(site, f, code="01")

user = User.objects.create(username="officer")
Account.objects.create(user=user, person_id=person.id)
client = Client()
client.force_login(user)
session = client.session
session["second_factor"] = user.pk
session["office"] = str(office.id)
session.save()


def page(url):
    answer = client.get(url)
    assert answer.status_code == 200, (url, answer.status_code)
    return answer.content.decode()


assert "Announce a visit" in page(f"/graves/{grave.number}/"), "the act on the page of the grave"
answer = client.post(f"/graves/{grave.number}/announce-visit/", {"day": "2026-05-03", "visitors": "Observers"})
assert answer.status_code == 200, "the passphrase is asked for once"
told = {"day": "2026-05-03", "visitors": "Observers", "passphrase": "a sentence only she knows"}
answer = client.post(f"/graves/{grave.number}/announce-visit/", told)
assert answer.headers["Location"] == "/visits/VIS-000001/", answer.content.decode()
assert client.post("/visits/VIS-000001/receive/", {"shown": " "}).status_code == 200, "an act that refuses"
assert client.post("/visits/VIS-000001/receive/", {"shown": "the plan"}).status_code == 302
assert "the plan" in page("/visits/VIS-000001/") and "took place" in page("/visits/VIS-000001/")
assert "VIS-000001" in page("/visits/?q=Observers") and "VIS-000001" not in page("/visits/?q=Nobody")
assert "received the visitors" in page("/visits/VIS-000001/"), "the history"
entry = JournalEntry.objects.get(act="visits.receive")
shown = page(f"/ledger/entries/{entry.index}/")
assert "visit" in shown and "the plan" in shown, "the ledger"
assert [step.name for step in steps()].index("visits") > 0
assert "Visits" in page("/"), "the rail"
session = client.session
session["office"] = str(Office.objects.get(person=person, role="auditor").id)
session.save()
assert client.get(f"/graves/{grave.number}/announce-visit/").status_code == 404, "an act of the scene, for nobody else"
print(grave.number)
"""


# The auditor brings nothing, and reads what was brought.
DELIVERED = """
import django

django.setup()

from django.contrib.auth.models import User
from django.test import Client
from dokaz.casework.models import Office

client = Client()
user = User.objects.get()
client.force_login(user)
session = client.session
session["second_factor"] = user.pk
session["office"] = str(Office.objects.get(role="auditor").id)
session.save()
assert "visits.csv" in client.get("/deliveries/").content.decode(), "the delivery"
assert client.get("/deliveries/new/").status_code == 404, "taking in, for nobody who brings nothing"
"""


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """The room as the page makes it, in a store of its own."""
    root = tmp_path_factory.mktemp("room")
    (root / "visits").mkdir()
    (root / "visits" / "__init__.py").write_text('"""Visits to graves."""\n', encoding="utf-8")
    for name, text in FILES.items():
        (root / name).write_text(text, encoding="utf-8")
    (root / "with_visits.py").write_text(SETTINGS, encoding="utf-8")
    return root


def run(root: Path, *arguments: str) -> str:
    """Run Python with the room installed."""
    known = {k: v for k, v in os.environ.items() if not k.startswith("DOKAZ_")}
    known |= {
        "DJANGO_SETTINGS_MODULE": "with_visits",
        "DOKAZ_STORE": str(root / "store"),
        "DOKAZ_PASSPHRASE": "a sentence only she knows",
        "PYTHONPATH": os.pathsep.join([str(root), *sys.path]),
    }
    done = subprocess.run([sys.executable, *arguments], env=known, cwd=root, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def dokaz(root: Path, *arguments: str) -> str:
    """Run a command of Dokaz with the room installed."""
    return run(root, "-c", "from dokaz.cli.main import main; main()", *arguments)


def test_a_room_costs_at_most_five_files_and_a_hundred_and_twenty_lines():
    assert len(FILES) + 1 <= MOST_FILES
    lines = [line for text in FILES.values() for line in text.splitlines() if line.strip()]
    assert len(lines) <= MOST_LINES


def test_the_room_of_the_page_works_from_the_grave_to_the_bundle(made):
    run(made, "-m", "django", "makemigrations", "visits", "-v0")
    dokaz(made, "init", "--name", "Invented", "--mandate", "to exhume", "--authority", "a court",
          "--administrator", "Administrator", "--trial")  # fmt: skip
    grave = run(made, "-c", STORY).strip().splitlines()[-1]
    table = made / "visits.csv"
    table.write_text(f"grave,day,visitors\n{grave},2026-05-09,Delegation of the court\n", encoding="utf-8")
    assert "1" in dokaz(made, "import", "visits", str(table), "--as", "Officer")
    wrong = made / "wrong.csv"
    wrong.write_text(f"grave,day,visitors\n{grave},2026-05-10,\n", encoding="utf-8")
    with pytest.raises(AssertionError, match=r"wrong\.csv.*line 2"):
        dokaz(made, "import", "visits", str(wrong), "--as", "Officer")
    run(made, "-c", DELIVERED)
    dokaz(made, "check")
    bundle = made / "bundle"
    dokaz(made, "bundle", str(bundle), "--purpose", "to see", "--as", "Officer")
    assert "VERIFIED" in run(made, "-m", "dokaz_verify", str(bundle))
    read = [path for path in bundle.rglob("*") if path.suffix in (".json", ".jsonl", ".html")]
    entries = "".join(path.read_text(encoding="utf-8") for path in read)
    assert "visits.Visit" in entries
    assert "Delegation of the court" in entries
