"""A victim file from what laboratories deliver."""

from __future__ import annotations

import pytest

from dokaz.errors import BadFile
from dokaz.exchange.programs.assembly import assemble
from dokaz.exchange.programs.case_reader import victims_from
from dokaz.exchange.programs.frequency_tables import frequencies_named
from dokaz.kinship import Mutation, MutationKind, MutationModel, Sex

REMAINS = ("r.txt", b"Sample Name\tMarker\tAllele 1\tAllele 2\nb1\tAMEL\tX\tY\nb1\tTH01\t6\t9.3\nb1\tD99S1\t1\t2\n")
FAMILIES = (
    "f.ped",
    b"#family\tid\tfather\tmother\tsex\tstatus\tTH01\tvWA\nF1\tR\t0\t0\t1\t1\t6/6\t14/15\nF1\tM\tR\t0\t1\t2\t0/0\t0/0\n",
)
TABLE = frequencies_named("NIST 1036 Hispanic", None)


def test_remains_families_and_frequencies_make_a_case() -> None:
    step = Mutation.alike(MutationModel(MutationKind.STEPWISE, rate=0.002, rate2=1e-6, range=0.1))
    data, notes = assemble([REMAINS], [FAMILIES], TABLE, "case", mutation=step)
    assert notes == (
        "left out, for want of frequencies: D99S1",
        "sex only, in no likelihood ratio: AMEL",
        "FEWER MARKERS IN COMMON than typed: b1 with family F1 1 of 2",
    )
    case = victims_from(data, "case")
    assert case.victims.sexes == (Sex.MALE,)
    assert case.victims.genotype("b1", "TH01") == ("6", "9.3")
    assert case.missing == ("M",)
    assert case.victims.markers["vWA"].mutation == step
    assert case.families[0].profiles.genotype("R", "vWA") == ("14", "15")


def test_what_does_not_fit_together_is_refused_by_name() -> None:
    with pytest.raises(BadFile, match="the sample is given twice"):
        assemble([REMAINS, REMAINS], [FAMILIES], TABLE, "case")
    with pytest.raises(BadFile, match="the family is given twice"):
        assemble([REMAINS], [FAMILIES, FAMILIES], TABLE, "case")
    lone = ("r.txt", b"Sample Name\tMarker\tAllele 1\tAllele 2\nb1\tTH01\t6\t\n")
    with pytest.raises(BadFile, match="TH01: 1 allele"):
        assemble([lone], [FAMILIES], TABLE, "case")
    data, _ = assemble([lone], [FAMILIES], TABLE, "case", lone_is_homozygote=True)
    assert data["pm"][0]["genotypes"]["TH01"] == ["6", "6"]
    with pytest.raises(BadFile, match="no genotypes of remains"):
        assemble([("f.csv", b"marker,allele,frequency\nTH01,6,1\n")], [FAMILIES], TABLE, "case")


def test_a_bone_that_lost_alleles_keeps_its_probability_of_dropout() -> None:
    rows = (
        b"group,person,sex,marker,alleles,dropout,dropin\n,b1,1,TH01,6,0.2,0.01\n,b1,1,vWA,,0.4,\n,b1,1,D99S1,1,0.2,\n"
    )
    data, _ = assemble([("r.csv", rows)], [FAMILIES], TABLE, "case")
    assert data["dropout"] == {"b1": {"TH01": 0.2, "vWA": 0.4}}
    assert data["dropin"] == {"b1": {"TH01": 0.01}}
    assert victims_from(data, "case").victims.genotype("b1", "vWA") == ()
