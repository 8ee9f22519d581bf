"""Whoever is withheld from a bundle is named nowhere in it, in no spelling and no encoding; and everything else is there.

What leaves is read here by other means than the product's: variants are written out, bytes are decoded in every way, and
any occurrence counts, within words too. DOKAZ_WITHHELD=500 withholds as many people as one names.
"""

import base64
import csv
import html
import io
import json
import os
import random
import re
import subprocess
import sys
import zipfile
from io import BytesIO
from pathlib import Path
from urllib.parse import quote, unquote

import pytest
from casebook import DAY, newest

from dokaz.court.assembling import make_bundle
from dokaz.court.redaction import Redaction

VERIFY = Path(sys.executable).parent / "dokaz-verify"
WITHHELD = int(os.environ.get("DOKAZ_WITHHELD", "5"))
MARKERS = ("D3S1358", "vWA", "D16S539", "CSF1PO", "TPOX", "D8S1179", "D21S11", "D18S51", "TH01", "FGA", "D5S818")
ORDER = "Вигадана ухвала 12"

# The official transliteration of 2010, written here anew.
_2010 = dict(
    zip(
        "абвгґдежзиіклмнопрстуфхцчшщьйяюєї",
        ("a b v h g d e zh z y i k l m n o p r s t u f kh ts ch sh shch - i ia iu ie i").replace("-", "'").split(),
        strict=True,
    )
)


def latin(word):
    return "".join(_2010.get(letter, letter) for letter in word.lower()).replace("'", "")


class Person:
    """Somebody invented, with a surname that no other bears and that is long enough to be looked for within words."""

    def __init__(self, nth, dice, family=""):
        syllables = [
            "бор",
            "дуб",
            "кра",
            "лев",
            "мар",
            "нов",
            "пал",
            "ром",
            "сав",
            "тар",
            "хва",
            "чер",
            "шам",
            "щер",
            "юх",
            "яв",
        ]
        self.stem = family or "".join(dice.choice(syllables) for _ in range(3)).capitalize() + f"{_letters(nth)}енк"
        self.surname = self.stem + "о"
        self.given = dice.choice(["Марія", "Олена", "Ярослава", "Зінаїда"])
        self.patronymic = dice.choice(["Іванівна", "Григорівна", "Юріївна"])
        self.phone = f"067{dice.randrange(10**7):07d}"
        self.mail = f"who{nth}x{dice.randrange(10**6)}@invented.example"
        self.genotypes = {m: sorted(str(dice.randrange(6, 30)) for _ in "ab") for m in MARKERS}

    @property
    def name(self):
        return f"{self.surname} {self.given} {self.patronymic}"

    @property
    def variants(self):
        declined = [self.stem + ending for ending in ("о", "а", "у", "ом", "ові", "ів")]
        words = [*declined, *map(latin, declined), " ".join(self.surname), self.mail]
        numbers = [
            self.phone,
            f"+38{self.phone}",
            f"{self.phone[:3]} {self.phone[3:6]} {self.phone[6:8]} {self.phone[8:]}",
        ]
        return [*(w.lower() for w in words), *numbers]


def _letters(nth):
    return "абвгджзклмнпрстф"[nth // 16 % 16] + "аеиоу"[nth % 5] + "бвгджзклмнпрстфх"[nth % 16]


def decoded(data, depth=0):
    """Every text that somebody could read in some bytes."""
    if data[:2] == b"PK" and depth < 3:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            for name in archive.namelist():
                yield name
                yield from decoded(archive.read(name), depth + 1)
    for encoding in ("utf-8", "utf-16-le", "utf-16-be", "cp1251", "koi8-u"):
        text = data.decode(encoding, errors="ignore")
        yield text
        if encoding == "utf-8":
            yield re.sub("[\u00ad\u200b\u200d\u0301]", "", text)
            yield re.sub(r"\\u([0-9a-fA-F]{4})", lambda found: chr(int(found[1], 16)), text)
            yield html.unescape(text)
            yield unquote(text)
    yield data[1:].decode("utf-16-le", errors="ignore")
    if depth == 0:
        for packed in re.findall(rb"[A-Za-z0-9+/]{16,}={0,2}", data):
            try:
                yield base64.b64decode(packed + b"=" * (-len(packed) % 4)).decode()
            except ValueError:
                continue


def any_of(words):
    """A pattern that finds any of many words; branches share their beginnings, or five hundred people would take hours."""
    tree = {}
    for word in words:
        at = tree
        for letter in word:
            at = at.setdefault(letter, {})
        at[""] = {}

    def written(at):
        branches = [re.escape(letter) + written(after) for letter, after in at.items() if letter]
        return f"(?:{'|'.join(branches)}){'?' if '' in at else ''}" if branches else ""

    return re.compile(written(tree))


def occurrences(folder, people):
    """Where anything that tells who somebody is stands in what leaves: file and variant."""
    sought = any_of({variant for person in people for variant in person.variants})
    found = []
    for path in folder.rglob("*"):
        texts = [path.name, *(decoded(path.read_bytes()) if path.is_file() else ())]
        found += [(path.name, hit[0]) for text in texts for hit in sought.finditer(text.lower())]
    return found


def assert_verifies(folder):
    said = subprocess.run([VERIFY, folder], capture_output=True, text=True, timeout=300, check=False)
    assert said.returncode == 0, said.stdout + said.stderr
    return said.stdout


def reported(house, people, **other):
    """A report of each, their pedigree, their mother as a donor with a profile; and what the house knows of them."""
    from dokaz.missing.acts import draw_pedigree, enrol_donor, report, type_reference

    found = []
    for person in people:
        with house.filing("family_liaison") as f:
            one = report(f, family_name=person.surname, given_name=person.given, patronymic=person.patronymic, sex="female",
                         reported_by=f"мати, {person.surname} Ганна, {person.phone}", note=f"пошта {person.mail}",
                         born="1990-02-03", **other)  # fmt: skip
            members = [
                {"id": "F", "father": None, "mother": None, "sex": "male", "born": None, "missing": None},
                {"id": "M", "father": None, "mother": None, "sex": "female", "born": "1960", "missing": None},
                {"id": "C", "father": "F", "mother": "M", "sex": "female", "born": None, "missing": one.number},
            ]
            family = draw_pedigree(f, members=members, name=f"родина {person.stem}ів")
            donor = enrol_donor(family, f, member="M", consent="identification", consented_on=DAY,
                                name=f"{person.surname} Ганна", relationship="mother")  # fmt: skip
        with house.filing("dna_examiner") as f:
            type_reference(donor, f, genotypes=person.genotypes, laboratory="Лабораторія 1", kit="Kit 1")
        found.append((one, donor))
    return found


def a_jpeg(comment):
    from PIL import Image

    made = BytesIO()
    Image.new("RGB", (8, 8)).save(made, "JPEG", comment=comment)
    return made.getvalue()


def a_zip(**members):
    made = BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return made.getvalue()


def hidden_everywhere(person, dice):
    """Files in which a person is named, each in another way; and the texts of records in which they are."""
    n, latin_name = person.name, latin(person.surname).title()
    row = ["A-1"] + [allele for pair in person.genotypes.values() for allele in pair]
    files = {
        "plain.txt": f"розмова з {person.stem}ом".encode(),
        "cp1251.csv": f"хто;що\n{person.surname};дзвінок\n".encode("cp1251"),
        "koi8.txt": f"про {person.stem}а".encode("koi8-u"),
        "utf16.txt": f"лист від {n}".encode("utf-16"),
        "escaped.json": json.dumps({"who": [n]}).encode(),
        "page.html": f"<p>{n.encode('ascii', 'xmlcharrefreplace').decode()}</p>".encode(),
        "cut.html": f"<p>{person.surname[:4]}<b>{person.surname[4:]}</b></p>".encode(),
        "link.txt": f"https://example.org/?q={quote(person.surname)}".encode(),
        "packed.txt": b"data: " + base64.b64encode(f"від кого: {n}".encode()),
        "latin.txt": f"call {latin_name.upper()}".encode(),
        "joined.txt": f"scan_{latin_name}{latin(person.given).title()}.png".encode(),
        "spaced.txt": f"підпис: {' '.join(person.surname)}".encode(),
        "broken.txt": f"від {person.surname[:5]}-\n{person.surname[5:]}".encode(),
        "soft.txt": f"від {person.surname[:5]}\u00ad{person.surname[5:]}".encode(),
        "phone.txt": f"тел. +38 ({person.phone[:3]}) {person.phone[3:6]}-{person.phone[6:8]}-{person.phone[8:]}".encode(),
        "mail.txt": f"to {person.mail.upper()}".encode(),
        "photo.jpg": a_jpeg(f"знімала {person.surname}".encode()),
        "inside.zip": a_zip(**{"a/notes.txt": f"про {person.stem}а"}),
        "named.zip": a_zip(**{f"{latin_name}.txt": "nothing"}),
        "wide.csv": (",".join(["id", *(m for m in MARKERS for _ in "ab")]) + "\n" + ",".join(row) + "\n").encode(),
        "long.txt": "\n".join(f"A-1\t{m}\t{a}\t{b}" for m, (a, b) in person.genotypes.items()).encode(),
        "report.pdf": b"%PDF-1.7 nobody reads this here",
    }
    texts = [
        f"бачили з {person.stem}ом",
        f"seen with {latin_name.upper()}",
        f"див. {n.upper()}",
        f"від {person.surname[:1]}\u00ad{person.surname[1:]}",
        f"дзвонити {person.phone}",
        f"писати {person.mail}",
        json.dumps(person.surname),
        quote(person.surname),
    ]
    return files, texts


@pytest.fixture
def seeded(house):
    """A store with people who are to be withheld, people who are not, and records and files that name the former."""
    from dokaz.casework.acts import deliver
    from dokaz.missing.acts import mark_duplicate, report, verify

    dice = random.Random(WITHHELD)
    house.secret = [Person(nth, dice) for nth in range(WITHHELD)]
    house.open = [Person(1000 + nth, dice) for nth in range(2)]
    house.records = reported(house, house.secret, marks="шрам")
    house.shown = reported(house, house.open, marks="татуювання якір")
    house.named_in = []
    files, texts = {}, []
    for person in house.secret[:5]:
        new, more = hidden_everywhere(person, dice)
        files |= {f"{len(files)}_{name}": data for name, data in new.items()}
        texts += more
    with house.filing("family_liaison", reason=f"за словами {house.secret[0].stem}а") as f:
        verify(newest(house.shown[0][0]), f)
    for nth, text in enumerate(texts):
        with house.filing("family_liaison") as f:
            house.named_in.append(
                report(f, family_name=f"Стороннійв{_letters(nth)}", note=text, clothing="куртка синя")
            )
    with house.filing("scene") as f:
        for name, data in files.items():
            deliver(f, form="survey", files=[(name, BytesIO(data))], taken={})
        deliver(f, form="survey", files=[(f"{latin(house.secret[0].surname)}.csv", BytesIO(b"a,b"))], taken={})
        deliver(f, form="survey", files=[("open.csv", BytesIO("х,у\n1,2\n".encode()))], taken={})
    house.files = files
    with house.filing("family_liaison") as f:
        again = report(f, family_name=house.secret[0].surname, given_name="Маруся")
    with house.filing("family_liaison", reason="та сама особа") as f:
        mark_duplicate(again, f, same_as=newest(house.records[0][0]))
    return house


def rules(house):
    return [Redaction.of(record, "B.2", ORDER) for pair in house.records for record in pair]


def bundled(house, folder, *redactions, **other):
    return make_bundle(house.store, folder, by=house.acting("prosecutor"), clock=house.clock, purpose="Вигаданий суд",
                       redactions=redactions, **other)  # fmt: skip


def cells(folder, kind):
    with open(folder / "tables" / f"{kind}.csv", encoding="utf-8-sig") as table:
        return list(csv.DictReader(table))


def test_nobody_who_is_withheld_is_named_anywhere_in_the_bundle(seeded, tmp_path):
    folder = tmp_path / "bundle"
    assert len(occurrences_before(seeded)) > 40 * min(WITHHELD, 5), (
        "nobody is hidden anywhere: this test would show nothing"
    )
    bundled(seeded, folder, *rules(seeded), names_may_stay=True)
    assert occurrences(folder, seeded.secret) == []
    said = assert_verifies(folder)
    assert "B.2" in said and ORDER in said


def occurrences_before(house):
    """The same search finds them in the openings and files of the store itself."""
    return [
        *occurrences(house.store.path / "openings", house.secret),
        *occurrences(house.store.path / "vault", house.secret),
    ]


def test_what_names_nobody_is_there(seeded, tmp_path):
    folder = tmp_path / "bundle"
    bundled(seeded, folder, *rules(seeded), names_may_stay=True)
    people = {row["record"]: row for row in cells(folder, "missing.MissingPerson")}
    for (one, donor), person in zip(seeded.shown, seeded.open, strict=True):
        assert people[str(one.id)]["family_name"] == person.surname
        assert person.phone in people[str(one.id)]["reported_by"]
        assert any(row["name"] == donor.name for row in cells(folder, "missing.Donor"))
    for one in seeded.named_in:
        assert people[str(one.id)]["clothing"] == "куртка синя"
        assert people[str(one.id)]["note"] == "[withheld: B.2]"
    left = {path.read_bytes() for path in (folder / "files").iterdir()}
    assert left == {"х,у\n1,2\n".encode()}
