"""Compile ahead what questions, searches and joint identification need, so that the first one is as fast as later ones.

Compiled code is kept beside the package (or in `NUMBA_CACHE_DIR`) and loaded by later runs; a new version of Dokaz, of
Python or of numba compiles anew.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from dokaz.kinship.model.markers import Chromosome, Marker, MarkerSet
from dokaz.kinship.model.mutation import Mutation, MutationKind, MutationModel
from dokaz.kinship.model.pedigree import Member, Pedigree, Sex
from dokaz.kinship.model.profiles import Profiles


def _markers() -> MarkerSet:
    steps = Mutation.alike(MutationModel(MutationKind.STEPWISE, rate=0.01))
    return MarkerSet(
        (
            Marker("A", ("1", "2", "3"), (0.2, 0.3, 0.5)),
            Marker("B", ("1", "2", "3"), (0.2, 0.3, 0.4), mutation=steps, silent_frequency=0.1),
            Marker("C", ("1", "2"), (0.5, 0.5), Chromosome.X),
        )
    )


def _family() -> tuple[Pedigree, Profiles, Profiles]:
    """A family with one missing son, its profiles, and two remains."""
    markers = _markers()
    members = (
        Member("father", sex=Sex.MALE),
        Member("mother", sex=Sex.FEMALE),
        Member("missing", "father", "mother", Sex.MALE),
        Member("sister", "father", "mother", Sex.FEMALE),
    )
    typed = {
        "mother": {"A": ("1", "2"), "B": ("1", "1"), "C": ("1", "2")},
        "sister": {"A": ("1", "3"), "B": ("1", "3"), "C": ("1", "1")},
    }
    found = {
        "bone 1": {"A": ("1", "3"), "B": ("1", "2"), "C": ("1",)},
        "bone 2": {"A": ("1",), "B": (), "C": ("1",)},
    }
    relatives = Profiles.of(typed, markers, sexes={"mother": Sex.FEMALE, "sister": Sex.FEMALE})
    sexes = {"bone 1": Sex.MALE, "bone 2": Sex.MALE}
    remains = Profiles.of(found, markers, sexes=sexes, dropout={"bone 2": 0.2}, dropin=0.05)
    return Pedigree(members, name="F1"), relatives, remains


def single_questions() -> None:
    """Likelihood ratios: the common question, theta, dropout and linked markers."""
    from dokaz.kinship.exact.likelihood import likelihood_ratio
    from dokaz.kinship.kernels.compiled import import_numba

    import_numba()
    family, relatives, remains = _family()
    people = relatives.joined(remains.only(["bone 1"]).renamed({"bone 1": "missing"}))
    apart = Pedigree.unrelated({"mother": Sex.FEMALE, "sister": Sex.FEMALE, "missing": Sex.MALE})
    for theta in (0.0, 0.02):
        likelihood_ratio(family, apart, people, theta=theta)
    likelihood_ratio(family, apart, people, linked=((("A", "B"), (0.1,)),))


def searches() -> None:
    """Remains against missing persons."""
    from dokaz.kinship.blind.search import search
    from dokaz.kinship.model.families import KinshipFamily

    family, relatives, remains = _family()
    for theta in (0.0, 0.02):
        search(remains, [KinshipFamily("F1", family, ("missing",), relatives)], theta=theta)


def joint_identification() -> None:
    """All remains against all missing persons at once."""
    from dokaz.kinship.joint.identify import identify_jointly
    from dokaz.kinship.model.families import KinshipFamily

    family, relatives, remains = _family()
    identify_jointly(remains, [KinshipFamily("F1", family, ("missing",), relatives)])


#: What can be compiled ahead, by the name that `dokaz kinship warm` prints.
PARTS: Mapping[str, Callable[[], None]] = {
    "single questions": single_questions,
    "searches": searches,
    "joint identification": joint_identification,
}
