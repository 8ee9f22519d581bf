"""`dokaz kinship report`: what a laboratory attaches to an answer, as PDF, HTML or a workbook."""

from __future__ import annotations

import datetime as dt
import errno
import math
import os
import shlex
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from dokaz.cli.kinship_options import Linked, MinFrequency, Theta, groups_of, policy_of, read_case
from dokaz.errors import BadQuestion, FileThere

if TYPE_CHECKING:
    from dokaz.reports.compared import Compared
    from dokaz.reports.words import ReportWords

#: Suffix of the report, and which module and function write it.
FORMS = {".pdf": "as_pdf", ".html": "as_html", ".xlsx": "as_workbook"}


def report(
    file: Annotated[
        Path, typer.Argument(help="A question file, or a victim file with --pair: JSON or Familias (.fam).")
    ],
    out: Annotated[Path, typer.Argument(help="The report: .pdf, .html or .xlsx. A file that is there is left alone.")],
    pair: Annotated[
        tuple[str, str] | None,
        typer.Option(help="Of a victim file: the remains and the missing person.", metavar="REMAINS MISSING"),
    ] = None,
    match: Annotated[
        tuple[str, str] | None,
        typer.Option(help="Of a victim file: two remains, as direct matching compares them.", metavar="FIRST SECOND"),
    ] = None,
    relation: Annotated[
        str, typer.Option(help="With --match, of the first to the second: same person, parent, child, sibling.")
    ] = "same person",
    theta: Theta = None,
    min_frequency: MinFrequency = None,
    linked: Linked = "",
    prior: Annotated[
        float | None,
        typer.Option(
            help="Probability of H1 before any DNA, between 0 and 1; in place of what the file says of a pair."
        ),
    ] = None,
    frequency_source: Annotated[
        str, typer.Option(help="Where the frequencies come from, if the file does not say (`frequency_source`).")
    ] = "",
    language: Annotated[str, typer.Option(help="en or uk.")] = "en",
    date: Annotated[
        str, typer.Option(help="Date of the report, YYYY-MM-DD; today if it is not given.", show_default=False)
    ] = "",
) -> None:
    """Write a report on two hypotheses: pedigrees, assumptions, markers, LR, inputs and places for two signatures.

    The hypotheses are those of `dokaz kinship lr` or, with --pair, of one pair of `dokaz kinship search`, or, with --match,
    of one pair of `dokaz kinship match`. The same file, options and date give the same bytes. Exits as `dokaz --help` says:
    3 refused, 4 a bad file.
    """
    from importlib import import_module

    from dokaz.ledger.durable import write_new
    from dokaz.reports.compared import answered
    from dokaz.reports.kinship_report import Circumstances, kinship_report
    from dokaz.reports.software import input_of, versions
    from dokaz.reports.words import ReportWords

    writer = FORMS.get(out.suffix.lower())
    if writer is None:
        raise typer.BadParameter(f"{out.name}: write to a file that ends in {', '.join(FORMS)}", param_hint="OUT")
    if out.exists() or out.is_symlink():
        raise FileThere(out.name)
    if not out.parent.is_dir():
        raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), str(out.parent))
    words, day = ReportWords(language), _day(date)
    read = input_of(file)
    compared = _compared(file, pair, match, relation, theta, min_frequency, linked)
    if frequency_source and compared.frequency_source:
        raise BadQuestion(
            f"--frequency-source, and {file.name} says: {compared.frequency_source}",
            next_step="leave the option out, or correct `frequency_source` in the file",
        )
    stated, source = _prior(prior, compared, words)
    options = {
        "--pair": pair, "--match": match, "--relation": relation if match else "",
        "--theta": theta, "--min-frequency": min_frequency, "--linked": linked, "--prior": prior,
        "--frequency-source": frequency_source, "--language": "" if language == "en" else language,
    }  # fmt: skip
    circumstances = Circumstances((read,), _command(file, options, day), versions(), day, min_frequency, stated, source)
    answer = answered(compared)
    if input_of(file) != read:
        raise BadQuestion(f"{file.name} was changed while it was read", next_step="run the command again")
    compared = _citing(compared, frequency_source)
    document = kinship_report(compared, answer, circumstances, words)
    data: bytes = getattr(import_module(f"dokaz.reports.{writer}"), writer)(document)
    write_new(out, data)
    log10 = answer.result.log10_lr
    said = "impossible under both" if math.isnan(log10) else f"log10 LR {log10:.3f}"
    asked = compared.pair
    told = (
        f"{asked.remains} as {asked.missing} of {asked.family}"
        if asked
        else f"{compared.matched.first} and {compared.matched.second}, {compared.matched.relation.value}"
        if compared.matched
        else f"{compared.h1.name} against {compared.h2.name}"
    )
    typer.echo(f"{out.name}: {told}: {said}")


def _day(date: str) -> dt.date:
    """The date that is given, or today's: this command's only question to the clock."""
    if not date:
        return dt.date.today()
    try:
        return dt.date.fromisoformat(date)
    except ValueError:
        raise typer.BadParameter(f"{date!r} is no date; write YYYY-MM-DD", param_hint="--date") from None


def _compared(
    file: Path,
    pair: tuple[str, str] | None,
    match: tuple[str, str] | None,
    relation: str,
    theta: float | None,
    min_frequency: float | None,
    linked: str,
) -> Compared:
    from dataclasses import replace

    from dokaz.exchange.programs.case_files import question_of
    from dokaz.kinship import Relation
    from dokaz.reports.compared import of_match, of_pair, of_question

    known = [one.value for one in Relation]
    if relation not in known:
        raise typer.BadParameter(f"{relation!r}; write one of: {', '.join(known)}", param_hint="--relation")
    if match is not None:
        if pair is not None:
            raise typer.BadParameter("name --pair or --match, not both", param_hint="--match")
        _must_be_a(file, "pm", "a question file: leave --match out")
        case, _ = read_case(file, theta, min_frequency, linked=linked)
        return of_match(case, *match, Relation(relation))
    if pair is not None:
        _must_be_a(file, "pm", "a question file: leave --pair out")
        case, _ = read_case(file, theta, min_frequency, linked=linked)
        return of_pair(case, *pair)
    _must_be_a(file, "H2", "a victim file: name a pair of it, --pair REMAINS MISSING")
    question = question_of(file, policy=policy_of(min_frequency), theta=theta)
    return of_question(replace(question, linked=groups_of(linked, question.profiles.markers, question.linked)))


def _must_be_a(file: Path, key: str, advice: str) -> None:
    """Refuse one kind of JSON file where the other is asked for.

    Raises:
        BadQuestion: the file has what the other kind has, and not this key.
    """
    from dokaz.exchange.programs.case_markers import read_json

    data = file.read_bytes()
    if not data.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{"):
        return
    keys = read_json(data, file=file.name).keys()
    if key not in keys and {"pm", "H2"} & keys:
        raise BadQuestion(f"{file.name} is not what is asked about", next_step=advice)


def _citing(compared: Compared, frequency_source: str) -> Compared:
    from dataclasses import replace

    return replace(compared, frequency_source=frequency_source) if frequency_source else compared


def _prior(prior: float | None, compared: Compared, words: ReportWords) -> tuple[float | None, str]:
    """The prior probability of H1 and who states it: the option, else the case of this pair; None where nobody does.

    Raises:
        BadQuestion: the option is no probability, or one that no evidence could change.
    """
    if prior is not None:
        if not 0 < prior < 1:
            raise BadQuestion(f"--prior {prior:g}", next_step="give a probability above 0 and below 1")
        return prior, words.gettext("stated with --prior")
    odds = compared.prior_odds
    if odds is None:
        return None, ""
    said = words.gettext("the file states prior odds of %(odds)s to 1") % {"odds": words.number(odds)}
    return odds / (1 + odds), said


def _command(file: Path, options: Mapping[str, object], day: dt.date) -> str:
    """What to type for the same report; OUT stands for its name."""
    typed = ["dokaz", "kinship", "report", file.name, "OUT"]
    for name, value in options.items():
        if isinstance(value, tuple):
            typed += [name, *map(str, value)]
        elif value not in (None, ""):
            typed += [name, f"{value:g}" if isinstance(value, float) else str(value)]
    return shlex.join([*typed, "--date", day.isoformat()])
