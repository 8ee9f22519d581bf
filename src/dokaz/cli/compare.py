"""`dokaz compare`: one unit with one missing person, everything for and against, and a conclusion in words."""

from __future__ import annotations

from typing import Annotated

import typer

from dokaz.cli.frame import DEFAULT_STORE, As, Json, StoreOption, acting, filing_as, open_store, report

app = typer.Typer(add_completion=False)


@app.command()
def compare(
    unit: Annotated[str, typer.Argument(help="Number of the recovery unit.")],
    person: Annotated[str, typer.Argument(help="Number of the missing person.")],
    by: As,
    conclusion: Annotated[str, typer.Option(help="concordant, discordant or inconclusive.")],
    statement: Annotated[str, typer.Option(help="The conclusion in the examiner's words.")],
    explain: Annotated[
        list[str] | None,
        typer.Option(help="ABOUT=WHY: why a line that speaks against may still be this person; may be repeated."),
    ] = None,
    distinguish: Annotated[
        list[str] | None,
        typer.Option(help="ABOUT=NUMBER: a line that tells another missing person apart; may be repeated."),
    ] = None,
    profile: Annotated[str, typer.Option(help="Number of the DNA profile; the unit's best if not given.")] = "",
    frequencies: Annotated[str, typer.Option(help="Number of the frequency table; the newest if not given.")] = "",
    min_frequency: Annotated[float | None, typer.Option(help="Frequency of alleles that the table lacks.")] = None,
    supersede: Annotated[
        list[str] | None,
        typer.Option(help="Number of an older comparison of the two in whose place this one stands once it is signed."),
    ] = None,
    why_better: Annotated[str, typer.Option(help="Why it takes their place.")] = "",
    store: StoreOption = DEFAULT_STORE,
    as_json: Json = False,
) -> None:
    """Compare the DNA of one unit with one missing person.

    Computes the likelihood ratio marker by marker, lays beside it what the records say of sex, age, stature and
    duplicated elements, and files the comparison. It then waits for two signatures (`dokaz sign`).
    """
    opened = open_store(store)
    from dokaz.cli.records import numbered
    from dokaz.cli.search import table_named
    from dokaz.errors import BadChoice
    from dokaz.graves.models import RecoveryUnit
    from dokaz.identification import acts
    from dokaz.identification.circumstances import circumstances, with_words
    from dokaz.identification.comparing import best_profile, dna_evidence
    from dokaz.identification.lines import words_of
    from dokaz.identification.models import Comparison
    from dokaz.kinship import UnseenAllelePolicy
    from dokaz.missing.models import MissingPerson
    from dokaz.mortuary.models import Profile

    found_unit, found_person = numbered(RecoveryUnit, unit), numbered(MissingPerson, person)
    used = numbered(Profile, profile) if profile else best_profile(found_unit)
    policy = None if min_frequency is None else UnseenAllelePolicy(min_frequency)
    evidence = dna_evidence(used, found_person, table_named(frequencies), policy=policy)
    stated, explained, distinguished = circumstances(found_unit, found_person), _pairs(explain), _pairs(distinguish)
    for about in (*explained, *distinguished):
        if about not in {line.about for line in stated}:
            raise BadChoice("about", about, sorted({line.about for line in stated}) or ["nothing: no line is there"])
    for other in distinguished.values():
        numbered(MissingPerson, other)
    lines = with_words(stated, explained, distinguished)
    with filing_as(opened, acting(opened, by, "dna_examiner")) as work:
        made = acts.compare(
            work,
            missing_person=found_person,
            recovery_unit=found_unit,
            discipline="dna",
            conclusion=conclusion,
            statement=statement,
            lines=lines,
            evidence=evidence,
            supersedes=[numbered(Comparison, each) for each in supersede or ()],
            why_better=why_better,
        )
    words = [f"{made.number}: {unit} with {person}: {conclusion}, log10 LR {made.log10_lr}"]
    words += [f"  {line['bearing']}: {line['about']}: {words_of(line)}" for line in made.lines]
    words += [f"  also: {o['missing']} for {o['unit']}, log10 LR {o['log10_lr']}" for o in made.other_candidates[:5]]
    words.append("It waits for two signatures: `dokaz sign`.")
    report(
        {"number": made.number, "log10_lr": made.log10_lr, "per_marker": made.per_marker, "lines": made.lines,
         "other_candidates": made.other_candidates},
        "\n".join(words), as_json,
    )  # fmt: skip


def _pairs(given: list[str] | None) -> dict[str, str]:
    pairs = {}
    for text in given or []:
        about, sign, words = text.partition("=")
        if not sign:
            raise typer.BadParameter(f"{text!r}: write ABOUT=WORDS, as age=bones of the elderly read younger")
        pairs[about.strip()] = words.strip()
    return pairs
