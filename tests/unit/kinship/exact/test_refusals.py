"""What the kinship engine refuses, and that it says which value and what next."""

from __future__ import annotations

import pytest

from dokaz.errors import (
    AlleleWithoutFrequency,
    BadMarker,
    BadMutationModel,
    BadPedigree,
    BadProfile,
    BadQuestion,
    KinshipError,
    NotMeaningful,
    TooComplex,
)
from dokaz.kinship import (
    Chromosome,
    Marker,
    MarkerSet,
    Member,
    Mutation,
    MutationKind,
    MutationModel,
    Pedigree,
    Profiles,
    Sex,
    UnseenAllelePolicy,
    likelihood_ratio,
    ln_likelihood,
)

MARKERS = MarkerSet((Marker("TH01", ("6", "7"), (0.4, 0.6)),))
PAIR = {"a": {"TH01": ("6", "7")}, "b": {"TH01": ("6", "6")}}
PARENT = Pedigree.of(b=("a", None), a=(None, None))
UNRELATED = Pedigree.unrelated(("a", "b"))


def assert_refused(kind: type[KinshipError], *words: str):
    """The error is of this kind and names every one of these words."""
    pattern = "(?s)" + "".join(f"(?=.*{word})" for word in words)
    return pytest.raises(kind, match=pattern)


def test_an_allele_without_a_frequency_names_marker_and_allele() -> None:
    with assert_refused(AlleleWithoutFrequency, "TH01", "'9.3'", "min-frequency"):
        Profiles.of({"a": {"TH01": ("6", "9.3")}}, MARKERS)


def test_a_policy_admits_it_and_is_part_of_the_result() -> None:
    profiles = Profiles.of(
        {"a": {"TH01": ("6", "9.3")}, "b": {"TH01": ("9.3", "7")}}, MARKERS, policy=UnseenAllelePolicy(0.01)
    )
    result = likelihood_ratio(PARENT, UNRELATED, profiles)
    (added,) = result.assumptions.added
    assert (added.marker, added.allele) == ("TH01", "9.3")
    assert added.divided_by == pytest.approx(1.01)
    assert result.lr == pytest.approx(1 / (4 * 0.01 / 1.01))
    assert sum(profiles.markers["TH01"].frequencies) == pytest.approx(1.0)


def test_a_stated_mutation_matrix_says_nothing_about_another_allele() -> None:
    model = MutationModel(MutationKind.CUSTOM, stated=((0.9, 0.1), (0.1, 0.9)))
    marker = Marker("TH01", ("6", "7"), (0.4, 0.6), mutation=Mutation.alike(model))
    with assert_refused(BadMarker, "9.3", "matrix"):
        Profiles.of({"a": {"TH01": ("6", "9.3")}}, MarkerSet((marker,)), policy=UnseenAllelePolicy(0.01))


@pytest.mark.parametrize(
    ("alleles", "frequencies", "word"),
    [
        (("6", "6"), (0.5, 0.5), "'6' is listed twice"),
        (("6", "7"), (0.5, 0.4), "sum to 0.9"),
        (("6", "7"), (1.5, -0.5), "1.5"),
        (("6", "7"), (1.0,), "2 alleles but 1"),
        ((), (), "no alleles"),
    ],
)
def test_a_marker_is_valid_once_built(alleles: tuple[str, ...], frequencies: tuple[float, ...], word: str) -> None:
    with assert_refused(BadMarker, "TH01", word):
        Marker("TH01", alleles, frequencies)


def test_markers_are_listed_once() -> None:
    with assert_refused(BadMarker, "TH01", "twice"):
        MarkerSet((*MARKERS.markers, *MARKERS.markers))


def test_three_alleles_need_a_dropout_model() -> None:
    markers = MarkerSet((Marker("L", ("1", "2", "3"), (0.2, 0.3, 0.5)),))
    with assert_refused(BadProfile, "bone", "L", "3 allele"):
        Profiles.of({"bone": {"L": ("1", "2", "3")}}, markers)


def test_a_lone_allele_is_not_taken_for_a_homozygote() -> None:
    with assert_refused(BadProfile, "a", "TH01", "1 allele"):
        Profiles.of({"a": {"TH01": ("6",)}}, MARKERS)


def test_a_man_has_one_x() -> None:
    markers = MarkerSet((Marker("DXS", ("6", "7"), (0.4, 0.6), Chromosome.X),))
    with assert_refused(BadProfile, "a", "DXS", "man"):
        Profiles.of({"a": {"DXS": ("6", "7")}}, markers, sexes={"a": Sex.MALE})
    profiles = Profiles.of({"a": {"DXS": ("6", "7")}}, markers)
    with assert_refused(BadProfile, "a", "DXS", "man"):
        ln_likelihood(Pedigree((Member("a", sex=Sex.MALE),)), profiles)


def test_x_with_unknown_sex_is_refused_not_guessed() -> None:
    markers = MarkerSet((Marker("DXS", ("6", "7"), (0.4, 0.6), Chromosome.X),))
    profiles = Profiles.of({"a": {"DXS": ("6", "6")}}, markers)
    with assert_refused(NotMeaningful, "a has unknown sex", "X"):
        ln_likelihood(Pedigree.unrelated(("a",)), profiles)


def test_an_untyped_leaf_of_unknown_sex_does_not_matter_on_x() -> None:
    markers = MarkerSet((Marker("DXS", ("6", "7"), (0.4, 0.6), Chromosome.X),))
    profiles = Profiles.of({"a": {"DXS": ("6", "6")}}, markers, sexes={"a": Sex.FEMALE})
    family = Pedigree((Member("a", sex=Sex.FEMALE), Member("child", None, "a")))
    alone = Pedigree((Member("a", sex=Sex.FEMALE),))
    assert ln_likelihood(family, profiles)[0] == ln_likelihood(alone, profiles)[0]


def test_theta_with_inbred_founders_is_refused() -> None:
    pedigree = Pedigree((Member("a", sex=Sex.MALE, inbreeding=0.25), Member("b", "a", None, Sex.MALE)))
    with assert_refused(NotMeaningful, "theta", "inbred founders"):
        ln_likelihood(pedigree, Profiles.of(PAIR, MARKERS), theta=0.01)


def test_linkage_with_inbred_founders_is_refused() -> None:
    markers = MarkerSet((*MARKERS.markers, Marker("B", ("1", "2"), (0.4, 0.6))))
    pedigree = Pedigree((Member("a", inbreeding=0.25),))
    profiles = Profiles.of({"a": {"TH01": ("6", "7"), "B": ("1", "1")}}, markers)
    with assert_refused(NotMeaningful, "linked", "inbred founders"):
        ln_likelihood(pedigree, profiles, linked=[(("TH01", "B"), (0.1,))])


def test_a_typed_person_must_be_in_both_hypotheses() -> None:
    with assert_refused(BadQuestion, "b has a profile", "no member"):
        likelihood_ratio(PARENT, Pedigree.unrelated(("a",)), Profiles.of(PAIR, MARKERS))


def test_a_profile_of_another_sex_is_not_that_person() -> None:
    profiles = Profiles.of(PAIR, MARKERS, sexes={"a": Sex.FEMALE})
    with assert_refused(BadQuestion, "a is female by profile and male"):
        likelihood_ratio(PARENT, UNRELATED, profiles)


@pytest.mark.parametrize("fractions", [(0.6,), (0.1, 0.1), ()])
def test_recombination_fractions_lie_between_neighbours_and_below_a_half(fractions: tuple[float, ...]) -> None:
    markers = MarkerSet((*MARKERS.markers, Marker("B", ("1", "2"), (0.4, 0.6))))
    with assert_refused(BadQuestion, "TH01, B", "recombination"):
        ln_likelihood(UNRELATED, Profiles.of(PAIR, markers), linked=[(("TH01", "B"), fractions)])


@pytest.mark.parametrize(
    ("members", "words"),
    [
        ((Member("a"), Member("a")), ("a is listed twice",)),
        ((Member("a", "x"),), ("'x'", "not a member")),
        ((Member("f", sex=Sex.FEMALE), Member("a", "f")), ("father f of a is female",)),
        ((Member("m", sex=Sex.MALE), Member("a", None, "m")), ("mother m of a is male",)),
        ((Member("a", "b"), Member("b", "a")), ("own ancestor",)),
        ((Member("a", "p", "p"), Member("p")), ("as father and as mother",)),
        ((Member("p"), Member("q"), Member("a", "p"), Member("b", None, "p")), ("p is a father and a mother",)),
        ((Member("p"), Member("a", "p", inbreeding=0.5)), ("not a founder",)),
    ],
)
def test_a_pedigree_is_valid_once_built(members: tuple[Member, ...], words: tuple[str, ...]) -> None:
    with assert_refused(BadPedigree, *words):
        Pedigree(members)


def test_identical_twins_share_parents() -> None:
    with assert_refused(BadPedigree, "twins", "differ"):
        Pedigree((Member("f"), Member("a", "f"), Member("b")), (frozenset({"a", "b"}),))


@pytest.mark.parametrize(
    ("model", "word"),
    [
        (lambda: MutationModel(MutationKind.EQUAL, rate=1.5), "1.5"),
        (lambda: MutationModel(MutationKind.CUSTOM), "without a matrix"),
        (lambda: MutationModel(MutationKind.CUSTOM, stated=((0.5, 0.4), (0, 1))), "sums to 0.9"),
        (lambda: MutationModel(MutationKind.ONESTEP, rate=0.1).matrix(("9", "9.3"), (0.5, 0.5)), "9.3"),
        (lambda: MutationModel(MutationKind.STEPWISE, rate=0.1).matrix(("A", "9"), (0.5, 0.5)), "'A'"),
        (lambda: MutationModel(MutationKind.PROPORTIONAL, rate=0.9).matrix(("1", "2"), (0.01, 0.99)), "at most"),
        (lambda: MutationModel(MutationKind.DAWID, rate=0.5).matrix(("1", "2"), (0.01, 0.99)), "at most"),
    ],
)
def test_a_mutation_model_is_defined_or_refused(model, word: str) -> None:
    with assert_refused(BadMutationModel, word):
        model()


def test_a_question_too_large_for_an_exact_answer_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    from dokaz.kinship.exact import elimination, network

    monkeypatch.setattr(elimination, "LARGEST_TABLE", 1)
    monkeypatch.setattr(network, "_orders", {})
    trio = Pedigree.of(a=("f", "m"), b=("f", "m"), f=(None, None), m=(None, None))
    with assert_refused(TooComplex, "table", "limit"):
        ln_likelihood(trio, Profiles.of(PAIR, MARKERS))


def test_theta_over_too_many_unknown_founders_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    from dokaz.kinship.exact import many_markers, theta

    monkeypatch.setattr(theta, "MOST_SCENARIOS", 3)
    monkeypatch.setattr(many_markers, "_MOST_PARTITIONS", 3)
    trio = Pedigree.of(a=("f", "m"), b=("f", "m"), f=(None, None), m=(None, None))
    with assert_refused(TooComplex, "theta", "founder alleles"):
        ln_likelihood(trio, Profiles.of(PAIR, MARKERS), theta=0.01)


def test_amelogenin_and_lineage_markers_never_enter_the_product() -> None:
    markers = MarkerSet(
        (
            *MARKERS.markers,
            Marker("AMEL", ("X", "Y"), (0.75, 0.25), Chromosome.AMELOGENIN),
            Marker("DYS19", ("14",), (1.0,), Chromosome.Y),
        )
    )
    people = {person: {**genotype, "AMEL": ("X", "Y"), "DYS19": ("14",)} for person, genotype in PAIR.items()}
    result = likelihood_ratio(PARENT, UNRELATED, Profiles.of(people, markers))
    plain = likelihood_ratio(PARENT, UNRELATED, Profiles.of(PAIR, MARKERS))
    assert result.markers == ("TH01",)
    assert result.set_aside == ("AMEL", "DYS19")
    assert result.lr == plain.lr


@pytest.mark.parametrize("allele", ["inf", "nan", "1e99", "1e9990"])
def test_a_number_that_is_no_count_of_repeats_has_no_steps(allele: str) -> None:
    steps = MutationModel(MutationKind.STEPWISE, rate=0.01, range=0.1)
    with pytest.raises(BadMutationModel, match="is not a repeat number"):
        steps.matrix(("9", allele), (0.5, 0.5))
