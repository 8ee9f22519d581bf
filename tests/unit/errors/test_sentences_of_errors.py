"""An error says in English what is wrong, with which values, and what to do next; and it keeps them apart."""

import pickle

import pytest

from dokaz import errors
from dokaz.errors import DokazError, EngineError, Explained, WrongState, sentence


def test_an_error_says_what_is_wrong_and_on_a_second_line_what_to_do():
    refused = WrongState("ZB1-A-0003-B-7", "lifted", ["received"])
    assert str(refused) == "ZB1-A-0003-B-7 is lifted\n  next: this act needs: received"
    assert refused.what.template != refused.what
    assert "ZB1-A-0003-B-7" in refused.what.values.values()


def test_an_error_that_knows_nothing_to_do_has_one_line():
    assert str(EngineError("the file is cut")) == "the file is cut"


def test_a_sentence_keeps_its_template_and_values():
    said = sentence("{marker}: allele {allele} has no frequency", marker="TH01", allele="9.3")
    assert said == "TH01: allele 9.3 has no frequency"
    assert (said.template, dict(said.values)) == (
        "{marker}: allele {allele} has no frequency",
        {"marker": "TH01", "allele": "9.3"},
    )


def test_braces_in_a_value_stay_what_they_are():
    assert sentence("{file}: cut", file="a{b}.csv") == "a{b}.csv: cut"


def test_a_sentence_goes_to_another_process_whole():
    said = sentence("{count} rows", count=3)
    back = pickle.loads(pickle.dumps(said))
    assert (back, back.template, dict(back.values)) == (said, said.template, dict(said.values))


@pytest.mark.parametrize(
    "one",
    [e for e in vars(errors).values() if isinstance(e, type) and issubclass(e, Exception)],
    ids=lambda e: e.__name__,
)
def test_every_error_is_of_one_tree_and_has_a_template(one):
    assert issubclass(one, DokazError)
    assert one in (DokazError, Explained) or one.__subclasses__() or one.template
