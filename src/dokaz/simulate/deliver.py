"""The invented investigation as files, each in the form in which some team delivers its own."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np

from dokaz.simulate.ground import CRS, WHOLE_BODY
from dokaz.simulate.kin import RELATIONSHIP
from dokaz.simulate.mortuary import Mortuary
from dokaz.simulate.names import PLACES
from dokaz.simulate.police_station import composite_picture, exhibits, places_and_rooms, station_truth
from dokaz.simulate.population import KIT_NAME, POPULATION, SOURCE, Population
from dokaz.simulate.station_log import station_log, truth_of
from dokaz.simulate.truth import Relative, Report, TrueInvestigation, TruePerson, TrueSample, TrueSite

LAB_NORTH, LAB_SOUTH = "Лабораторія «Північ»", "Лабораторія «Південь»"
_STORE, _MORTUARY = "Кленодол, холодильний вагон", "Морг, Липовий Брід"
_DRIVER, _KEEPER = "Сорока Данило", "Білик Оксана"
_SAMPLED_ON = date(2023, 7, 3)


class DeliveryWriter:
    """Writes tables into a directory."""

    def __init__(
        self, directory: Path, found: TrueInvestigation, population: Population, rng: np.random.Generator
    ) -> None:
        self.directory, self.found, self.population, self.rng = directory, found, population, rng
        self.mortuary = Mortuary(rng)
        self.log_truth: dict[str, Any] = {}

    def table(
        self,
        name: str,
        header: Sequence[str],
        rows: Iterable[Sequence[object]],
        *,
        above: Sequence[str] = (),
        delimiter: str = ",",
        encoding: str = "utf-8",
    ) -> None:
        """Write one table; ``above`` are its ``#`` lines."""
        out = io.StringIO()
        out.writelines(f"# {line}\r\n" for line in above)
        writer = csv.writer(out, delimiter=delimiter, lineterminator="\r\n")
        writer.writerow(header)
        writer.writerows(rows)
        (self.directory / name).write_bytes(out.getvalue().encode(encoding))

    def surveys(self) -> None:
        """One survey a site: commas and UTF-8, semicolons and cp1251 with Ukrainian headers, tabs."""
        english = ("site", "site_name", "grave", "grave_name", "unit", "kind", "point", "easting", "northing",
                   "elevation_m", "accuracy_m", "surveyed_at", "surveyed_by", "lifted_at", "lifted_by",
                   "emergency_reason", "photographs", "note")  # fmt: skip
        ukrainian = ("місце", "назва місця", "могила", "назва могили", "номер", "вид", "точка", "схід", "північ",
                     "висота, м", "точність, м", "час зйомки", "геодезист", "час вилучення", "вилучив", "причина",
                     "фото", "примітка")  # fmt: skip
        first, second, third = self.found.sites
        self.table(f"survey_{first.code}.csv", english, _survey_rows(first), above=(f"CRS: {CRS}", "zone: +03:00"))
        self.table(
            f"survey_{second.code}.csv",
            tuple(h.replace(", м", "") for h in ukrainian),
            [[_comma(cell) for cell in row] for row in _survey_rows(second)],
            above=(f"система координат: {CRS}", "часовий пояс: +03:00"),
            delimiter=";",
            encoding="cp1251",
        )
        self.table(
            f"survey_{third.code}.tsv",
            english,
            _survey_rows(third),
            above=(f"CRS: {CRS}", "zone: +03:00"),
            delimiter="\t",
        )

    def custody(self) -> None:
        """From the grave to the store to the mortuary, hand to hand."""
        rows = []
        for unit in self.found.units:
            assert unit.lifted_at is not None
            evening = unit.lifted_at.replace(hour=19, minute=0) + timedelta(minutes=int(self.rng.integers(0, 50)))
            morning = evening + timedelta(hours=13, minutes=int(self.rng.integers(0, 50)))
            rows.append(
                (unit.number, f"{unit.site}-{unit.grave}", _STORE, unit.team, _DRIVER, _time(evening), "зберігання", "")
            )
            rows.append((unit.number, _STORE, _MORTUARY, _DRIVER, _KEEPER, _time(morning), "огляд", ""))
        self.table("custody.csv", ("number", "from", "to", "given by", "received by", "time", "purpose", "seal"), rows)

    def examinations(self) -> None:
        """A row an examination, further rows for further findings."""
        rows: list[Sequence[object]] = []
        for unit in self.found.units:
            if unit.person is None:
                continue
            seen = self.mortuary.examine(unit)
            first, *more = seen.findings or [("", "", "", "")]
            rows.append((
                unit.number, _time(seen.at), seen.examiner, seen.sex_estimate, *(seen.age or ("", "")),
                *(seen.stature or ("", "")), "|".join(unit.elements), seen.completeness, *first, seen.clothing,
                seen.marks, seen.dental, "",
            ))  # fmt: skip
            rows += [(unit.number, *[""] * 9, *finding, "", "", "", "") for finding in more]
        header = ("unit", "examined_at", "examiner", "sex_estimate", "age_low_years", "age_high_years", "stature_low_cm",
                  "stature_high_cm", "elements", "completeness", "finding", "timing", "region", "description",
                  "clothing", "marks", "dental_note", "note")  # fmt: skip
        self.table("examinations.csv", header, rows, delimiter=";")

    def samples(self) -> None:
        """Samples in two files: the first round, and what was taken after doubts."""
        header = ("sample", "unit", "element", "taken_at", "taken_by", "lab", "reason")
        for name, later in (("samples.csv", False), ("samples_later.csv", True)):
            self.table(name, header, [
                (s.number, s.unit, s.element, _time(s.taken_at), _KEEPER, self._lab(s), s.reason)
                for s in self.found.samples if s.later == later
            ])  # fmt: skip

    def profiles(self) -> None:
        """One laboratory delivers wide tables, the other a GeneMapper export."""
        north = [s for s in self.found.samples if not s.later and self._lab(s) == LAB_NORTH]
        south = [s for s in self.found.samples if not s.later and self._lab(s) == LAB_SOUTH]
        self._wide("profiles_north.csv", north, date(2023, 8, 21))
        self._wide("profiles_north_later.csv", [s for s in self.found.samples if s.later], date(2024, 1, 15))
        rows: list[Sequence[object]] = []
        for sample in south:
            for attempt, shown in self._attempts(sample):
                for marker, alleles in (("AMEL", _amelogenin(sample, shown)), *shown.items()):
                    two = (alleles[0], alleles[1] if len(set(alleles)) > 1 else "") if alleles else ("INC", "INC")
                    rows.append(
                        (f"{sample.number}_{attempt}.hid", sample.number, "Sample", KIT_NAME, marker, *two, "", attempt)
                    )
        header = (
            "Sample File",
            "Sample Name",
            "Sample Type",
            "Panel",
            "Marker",
            "Allele 1",
            "Allele 2",
            "Allele 3",
            "Attempt",
        )
        self.table("profiles_south_genemapper.txt", header, rows, delimiter="\t",
                   above=(f"laboratory: {LAB_SOUTH}", "date: 2023-09-04"))  # fmt: skip

    def families(self) -> None:
        """Pedigrees, relatives with their consent, genotypes."""
        members = [(family, member) for family in self.found.families for member in family.members]
        lines = ["#family id father mother sex status born"]
        lines += [
            " ".join((family.id, m.id, m.father or "0", m.mother or "0", "1" if m.sex == "male" else "2",
                      "2" if m.missing else "1", m.born.isoformat()))
            for family, m in members
        ]  # fmt: skip
        (self.directory / "families.ped").write_bytes(("\n".join(lines) + "\n").encode())
        donors, typed = [], []
        for index, (family, member) in enumerate((f, m) for f, m in members if m.sampled):
            assert member.genotype is not None
            sample = f"AM-{index + 1:05d}"
            day = _SAMPLED_ON + timedelta(days=index % 60)
            relationship = member.relationship or RELATIONSHIP[member.id[:2]]
            donors.append((family.id, member.id, str(member.name), member.born, relationship,
                           "identification and reassociation" if index % 7 else "identification", day, sample, day,
                           family.liaison, ""))  # fmt: skip
            alleles = self.population.alleles(member.genotype)
            amelogenin = ("X", "Y") if member.sex == "male" else ("X", "X")
            typed.append(
                (
                    family.id,
                    member.id,
                    sample,
                    LAB_NORTH,
                    KIT_NAME,
                    *amelogenin,
                    *(a for two in alleles.values() for a in two),
                )
            )
        header = ("family", "member", "name", "born", "relationship", "consent_scope", "consented_on", "sample",
                  "sampled_on", "liaison", "note")  # fmt: skip
        self.table("relatives.csv", header, donors)
        self.table(
            "family_genotypes.csv",
            ("family", "member", "sample", "lab", "kit", *_marker_columns(self.population)),
            typed,
        )

    def missing(self) -> None:
        """The list of the missing, with a byte-order mark as a spreadsheet writes it."""
        header = ("номер", "прізвище", "ім'я", "по батькові", "стать", "дата народження", "дата зникнення",
                  "місце зникнення", "зріст", "особливі прикмети", "зуби", "одяг", "рід занять", "родина",
                  "член родини", "дата звернення", "заявник", "посадова особа", "примітка")  # fmt: skip
        self.table("missing_persons.csv", header, [self._missing_row(report) for report in self.found.reports],
                   encoding="utf-8-sig")  # fmt: skip

    def frequencies(self) -> None:
        """Allele frequencies, a column a marker as printed tables have them."""
        by_marker = [
            dict(zip(ladder, table.tolist(), strict=True))
            for ladder, table in zip(self.population.ladders, self.population.frequencies, strict=True)
        ]
        alleles = sorted({allele for table in by_marker for allele in table}, key=float)
        rows = [
            (allele, *(repr(table[allele]) if allele in table else "" for table in by_marker)) for allele in alleles
        ]
        self.table("allele_frequencies.csv", ("allele", *self.population.markers), rows,
                   above=(f"population: {POPULATION}", f"source: {SOURCE}"))  # fmt: skip

    def _missing_row(self, report: Report) -> Sequence[object]:
        person, rng = report.person, self.rng
        known = self.mortuary.known_of(person)
        precision = rng.random()
        born = (
            f"{person.born:%Y-%m-%d}"
            if precision < 0.85
            else f"{person.born:%Y-%m}"
            if precision < 0.9
            else f"{person.born:%Y}~"
        )
        last_seen = person.died - timedelta(days=int(rng.integers(0, 12)))
        by = next((str(m.name) for m in report.family.members if m.sampled), "") if report.family else "сусід"
        return (
            report.id, report.name.surname, report.name.given_name, report.name.patronymic,
            "ч" if person.sex == "male" else "ж", born, last_seen.isoformat(), PLACES[int(rng.integers(len(PLACES)))],
            int(report.stature_cm), known.marks if rng.random() < 0.6 else "", known.dental if rng.random() < 0.4 else "",
            known.clothing if rng.random() < 0.7 else "", "військовослужбовець" if person.group == "serviceman" else "",
            report.family.id if report.family else "", report.member,
            (last_seen + timedelta(days=int(rng.integers(20, 200)))).isoformat(), by, report.liaison, report.note,
        )  # fmt: skip

    def _lab(self, sample: TrueSample) -> str:
        return LAB_SOUTH if sample.unit.startswith(self.found.sites[2].code) and not sample.later else LAB_NORTH

    def _attempts(self, sample: TrueSample) -> list[tuple[int, dict[str, tuple[str, ...]]]]:
        """What each typing of a sample showed: nothing, until the last."""
        nothing: dict[str, tuple[str, ...]] = dict.fromkeys(sample.shown, ())
        return [*((k, nothing) for k in range(1, sample.attempts)), (sample.attempts, sample.shown)]

    def _wide(self, name: str, samples: Sequence[TrueSample], day: date) -> None:
        rows = []
        for sample in samples:
            for attempt, shown in self._attempts(sample):
                cells = [_amelogenin(sample, shown), *shown.values()]
                rows.append(
                    (sample.number, attempt, *(a for c in cells for a in ((c[0], c[-1]) if c else ("INC", "INC"))))
                )
        self.table(name, ("Sample Name", "Attempt", *_marker_columns(self.population)), rows,
                   above=(f"laboratory: {LAB_NORTH}", f"kit: {KIT_NAME}", f"date: {day}"))  # fmt: skip

    def station(self) -> None:
        """The police station: a list of its rooms, and one of what was seized there."""
        header, *rooms = places_and_rooms()
        self.table("detention.csv", list(map(str, header)), rooms)
        header, *found = exhibits()
        self.table("exhibits.csv", list(map(str, header)), found, above=("часовий пояс: +03:00",), delimiter=";")
        (self.directory / "composite.png").write_bytes(composite_picture())

    def log_book(self) -> None:
        """Photographs of the pages of the station's log book."""
        drawn = station_log()
        self.log_truth = truth_of(drawn.book)
        (self.directory / "log-book").mkdir()
        for name, data in drawn.images.items():
            (self.directory / "log-book" / name).write_bytes(data)

    def truth(self, *, seed: int, remains: int, mutation_rate: float) -> None:
        """What is true, for tests and for the story that the demo tells; no importer reads it."""
        found = self.found
        # Whose genotype a profile is: the unit's person, unless samples changed places.
        owner = {id(person.genotype): person.key for person in found.people}
        document = {
            "note": "Invented. No importer reads this file; tests and the demo's story do.",
            "parameters": {"seed": seed, "remains": remains, "mutation_rate": mutation_rate},
            "persons": {p.key: _person(p) for p in found.people},
            "units": {
                u.number: {
                    "person": u.person.key if u.person else None, "kind": u.kind, "site": u.site, "grave": u.grave,
                    "description": u.description, "latitude": round(u.latitude, 7), "longitude": round(u.longitude, 7),
                }
                for u in found.units
            },
            "missing": {
                r.id: {"person": r.person.key, "units": r.person.units, "family": r.family.id if r.family else None,
                       "member": r.member or None}
                for r in found.reports
            },
            "families": {
                f.id: {m.id: _member(m) for m in f.members}
                for f in found.families
            },
            "samples": {
                s.number: {"unit": s.unit, "element": s.element, "success": s.success, "later": s.later,
                           "attempts": s.attempts, "genotype_of": owner[id(s.genotype)], "dropped": s.dropped}
                for s in found.samples
            },
            "detention": station_truth(),
            "log_book": self.log_truth,
            "traps": [
                {"id": t.id, "title": t.title, "story": t.story, "persons": [p.key for p in t.people],
                 "units": [n for p in t.people for n in p.units], "missing": [r.id for p in t.people for r in p.reports],
                 "families": [f.id for f in t.families], "files": t.files}
                for t in found.traps
            ],
        }  # fmt: skip
        text = json.dumps(document, ensure_ascii=False, indent=1)
        (self.directory / "truth.json").write_text(text + "\n", encoding="utf-8", newline="\n")


def _survey_rows(site: TrueSite) -> list[list[object]]:
    datum = site.datum
    rows: list[list[object]] = [
        [site.code, site.name, "", "", "", "", "datum", f"{datum.easting:.3f}", f"{datum.northing:.3f}",
         f"{datum.elevation_m:.3f}", "0.010", *[""] * 7]
    ]  # fmt: skip
    for grave in site.graves:
        for index, point in enumerate(grave.outline):
            photographs = "|".join(grave.photographs) if index == 0 else ""
            rows.append([site.code, "", grave.code, grave.name if index == 0 else "", "", "", "outline",
                         f"{point.easting:.3f}", f"{point.northing:.3f}", f"{point.elevation_m:.3f}", "0.020",
                         *[""] * 5, photographs, ""])  # fmt: skip
        for unit in grave.units:
            for index, point in enumerate(unit.points):
                said: list[object] = [""] * 7
                if index == 0:
                    assert unit.surveyed_at is not None and unit.lifted_at is not None
                    said = [f"{unit.surveyed_at:%Y-%m-%d %H:%M}", unit.team, f"{unit.lifted_at:%Y-%m-%d %H:%M}",
                            unit.team, unit.emergency_reason, "|".join(unit.photographs),
                            # The kind says already that it is a body.
                            "" if unit.description == WHOLE_BODY else unit.description]  # fmt: skip
                rows.append([site.code, "", grave.code, "", unit.number, unit.kind, point.role, f"{point.easting:.3f}",
                             f"{point.northing:.3f}", f"{point.elevation_m:.3f}",
                             "5.000" if unit.emergency_reason else "0.020", *said])  # fmt: skip
    return rows


def _marker_columns(population: Population) -> list[str]:
    return [f"{marker} {which}" for marker in ("AMEL", *population.markers) for which in (1, 2)]


def _amelogenin(sample: TrueSample, shown: dict[str, tuple[str, ...]]) -> tuple[str, ...]:
    if not any(shown.values()):
        return ()
    return ("X", "Y") if sample.male else ("X", "X")


def _person(person: TruePerson) -> dict[str, object]:
    return {
        "name": str(person.name), "group": person.group, "sex": person.sex, "born": person.born.isoformat(),
        "died": person.died.isoformat(), "age_years": round(person.age_years, 1), "stature_cm": person.stature_cm,
        "tortured": person.tortured, "units": person.units, "missing": [report.id for report in person.reports],
    }  # fmt: skip


def _member(member: Relative) -> dict[str, object]:
    return {"missing": member.missing, "sampled": member.sampled, "relationship": member.relationship}


def _comma(cell: object) -> object:
    text = str(cell)
    return text.replace(".", ",") if text.replace(".", "", 1).isdigit() else cell


def _time(moment: datetime) -> str:
    return moment.isoformat(timespec="minutes")
