"""Typing marks: what is read of it, what is refused, and that writing and reading are each other's reverse."""

from __future__ import annotations

import pytest
from any_transcription import LETTERS, texts
from hypothesis import example, given
from hypothesis import strategies as st

from dokaz.errors import BadNotation, BadTranscription
from dokaz.transcription.marked_text import Mark, MarkedText, TextRun, marked_text, plain_text
from dokaz.transcription.notation import checked_notation, read_notation, written_notation


def run(text: str, *marks: Mark, **more) -> TextRun:
    return TextRun(text, frozenset(marks), **more)


@pytest.mark.parametrize(
    ("typed", "runs"),
    [
        ("", []),
        ("  Іван \t  Петренко ", [run("Іван Петренко")]),
        ("(..3)", [run("", illegible=3)]),
        ("Пет(..2)ко", [run("Пет"), run("", illegible=2), run("ко")]),
        ("(?Петренко)", [run("Петренко", Mark.UNCERTAIN)]),
        ("(-Іван) Микола", [run("Іван", Mark.STRUCK_OUT), run(" Микола")]),
        ("(+син)", [run("син", Mark.INSERTED)]),
        ("(:12.05)", [run("12.05", Mark.OTHER_HAND)]),
        ("(*Коваль)", [run("Коваль", Mark.SIGNATURE)]),
        ("(*)", [run("", Mark.SIGNATURE)]),
        ("(%гр.)", [run("гр.", Mark.ABBREVIATED)]),
        ("(%гр.=громадянин)", [run("гр.", Mark.ABBREVIATED, stands_for="громадянин")]),
        ('(")', [run('"', Mark.DITTO)]),
        ('("=Петренко)', [run('"', Mark.DITTO, stands_for="Петренко")]),
        ('("-//-=Петренко)', [run("-//-", Mark.DITTO, stands_for="Петренко")]),
        ("а(/)б", [run("а\nб")]),
        ("а\nб", [run("а\nб")]),
        ("а \n б", [run("а\nб")]),
        ("(-(?Петренко))", [run("Петренко", Mark.STRUCK_OUT, Mark.UNCERTAIN)]),
        ("(помер)", [run("(помер)")]),
        ("помер) (", [run("помер) (")]),
        ("(1) (", [run("(1) (")]),
        (r"\(?)", [run("(?)")]),
        (r"тел. \(+38)", [run("тел. (+38)")]),
        ("(-Іван (син))", [run("Іван (син)", Mark.STRUCK_OUT)]),
        (r"(%а\=б=в\)г)", [run("а=б", Mark.ABBREVIATED, stands_for="в)г")]),
        ("(-(..4))", [run("", Mark.STRUCK_OUT, illegible=4)]),
        ("(?а)(?б)", [run("аб", Mark.UNCERTAIN)]),
        ("(..1)(..2)", [run("", illegible=1), run("", illegible=2)]),
        ("a.. (.)", [run("a.. (.)")]),
    ],
)
def test_what_is_typed_is_read(typed, runs):
    assert read_notation(typed) == MarkedText(tuple(runs))


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("(?)", "marks nothing"),
        ("(- )", "marks nothing"),
        ("(-(+))", "marks nothing"),
        ("(%)", "marks nothing"),
        ("(%=громадянин)", "marks nothing"),
        ("(?Петренко", "is not closed"),
        ("(-Іван (син)", "is not closed"),
        ("(%гр.", "is not closed"),
        ("(..)", "does not say how many"),
        ("(..0)", "does not say how many"),
        ("(..1000)", "does not say how many"),
        ("(..9999999999)", "does not say how many"),
        ("(..x)", "does not say how many"),
        ("(..²)", "does not say how many"),
        ("(..3", "does not say how many"),
        ("(%(?гр))", "no mark lies within an abbreviation"),
        (r"(%г\р)", "no mark lies within an abbreviation"),
        ("C:\\x", "no character of its own"),
        ("а\\", "no character of its own"),
        ("(-" * 17 + "а" + ")" * 17, "more than 16 marks"),
        ("(-" + "(а" * 17, "more than 16 parentheses"),
        ("а" * 32_001, "32,001 characters"),
    ],
)
def test_what_cannot_be_read_is_refused_with_what_to_type(typed, said):
    with pytest.raises(BadNotation, match=said) as refused:
        read_notation(typed)
    assert refused.value.next_step


def test_a_refusal_says_where_the_text_is():
    with pytest.raises(BadNotation, match=r"line 4: .* marks nothing"):
        checked_notation("(?)", where="line 4")


@pytest.mark.parametrize(
    ("of", "said"),
    [
        (lambda: run("а\u200bб"), r"no page shows, U\+200B"),
        (lambda: run("гр.", Mark.ABBREVIATED, stands_for="а\u202eб"), r"U\+202E"),
        (lambda: run("", illegible=1000), "1000 illegible"),
        (lambda: run("", illegible=-1), "-1 illegible"),
        (lambda: run("а", illegible=1), "both read and illegible"),
        (lambda: run("", Mark.DITTO, illegible=1), "both read and illegible"),
        (lambda: run("", Mark.STRUCK_OUT), "without anything"),
        (lambda: run("а", Mark.DITTO, Mark.ABBREVIATED), "both an abbreviation and a ditto"),
        (lambda: run("а", Mark.STRUCK_OUT, stands_for="б"), "stands for nothing else"),
        (lambda: run("а", Mark.DITTO, stands_for=" б"), "white space in what"),
        (lambda: run(" а", Mark.DITTO), "white space around"),
        (lambda: run("а\nб", Mark.ABBREVIATED), "white space around or a line break"),
        (lambda: MarkedText((run("а "),)), "stray white space"),
        (lambda: MarkedText((run("а"), run("б"))), "parts that are one"),
        (lambda: plain_text("а" * 4_001), "4,001 characters"),
        (lambda: plain_text("а").standing_for("б"), "is no ditto"),
    ],
)
def test_a_text_that_cannot_be_is_refused(of, said):
    with pytest.raises(BadTranscription, match=said):
        of()


@given(texts())
def test_what_is_written_is_read_as_it_was(text):
    assert read_notation(written_notation(text)) == text


@given(st.text(LETTERS, max_size=30))
@example("(?(")
def test_whatever_is_typed_is_refused_or_keeps_its_meaning_when_written_again(typed):
    try:
        text = read_notation(typed)
    except BadNotation:
        return
    assert read_notation(written_notation(text)) == text


@given(texts())
def test_tidying_twice_changes_nothing(text):
    assert marked_text(text.runs) == text
    assert text.as_written == plain_text(text.as_written).as_written


def test_what_is_written_and_what_is_meant():
    text = read_notation('(-Іван) (%гр.=громадянин) Пет(..2)ко ("=Київ) (*)')
    assert text.as_written == 'Іван гр. Пет□□ко " □'
    assert text.as_meant == "громадянин Пет□□ко Київ □"
    assert read_notation("é").unmarked == "é"


def test_a_ditto_stands_for_what_it_is_told():
    ditto = read_notation('(")')
    assert ditto.is_ditto and not read_notation('(") Іван').is_ditto
    assert written_notation(ditto.standing_for("Київ")) == '("=Київ)'
