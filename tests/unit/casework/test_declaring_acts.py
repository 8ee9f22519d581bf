"""What an act may not be declared as, and what an empty text is."""

from __future__ import annotations

import pytest
from casebook import assert_refused
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

from dokaz.casework.filing import Filing
from dokaz.casework.registry import act, act_named, acts, done_in_words, signature_rule
from dokaz.casework.roles import Role
from dokaz.casework.rules import require_fields
from dokaz.errors import EmptyField, PartOfAnAct, UnknownAct, sentence


def test_an_act_whose_arguments_say_no_kind_is_not_declared():
    before = set(acts())
    with pytest.raises(ImproperlyConfigured, match="thing without a kind"):

        @act(roles={Role.SCENE}, past=_("did"))
        def untyped(filing: Filing, *, thing) -> None:  # type: ignore[no-untyped-def]
            """Nothing."""

    assert set(acts()) == before


@pytest.mark.parametrize("roles", [Role.SCENE, {"sceen"}])
def test_an_act_is_open_to_roles_and_to_nothing_else(roles):
    with pytest.raises(ImproperlyConfigured, match="not all roles"):

        @act(roles=roles, past=_("did"))
        def misspelt(filing: Filing) -> None:
            """Nothing."""


PARTS = {
    "casework.assent": "administrator",
    "casework.change_hands": "mortuary",
    "graves.mark_released": "mortuary",
    "identification.certify": "board",
    "identification.exclude": "board",
    "identification.reopen": "board",
    "identification.revoke": "board",
    "missing.apply_decision": "board",
}


@pytest.mark.parametrize("name", sorted(PARTS))
def test_what_is_part_of_an_act_is_done_by_nobody_alone(house, name):
    """Whoever calls it from Python would certify without a signature, or move a thing without the other party."""
    import importlib
    import inspect

    part = getattr(importlib.import_module(act_named(name).module), name.split(".")[1])
    given = {
        each: None for each, of in inspect.signature(part).parameters.items() if of.default is inspect.Parameter.empty
    }

    def alone():
        with house.filing(PARTS[name]) as f:
            part(**{**given, "filing": f})

    assert_refused(PartOfAnAct, alone)


def test_an_act_is_registered_as_it_is_declared():
    sign = act_named("identification.certify")
    assert (sign.name, sign.module, sign.roles) == (
        "identification.certify",
        "dokaz.identification.acts.board",
        {"board"},
    )
    assert str(sign.past) == "certified"
    assert sign.summary == "File an identification under its two signatures, with a certificate's number."
    assert (sign.signing.over, sign.signing.count) == ("assent", 2)
    with pytest.raises(UnknownAct):
        act_named("identification.certiffy")
    with pytest.raises(UnknownAct):
        signature_rule("graves.lift")
    assert done_in_words("graves.lift") == "lifted"
    assert done_in_words("graves.levitate") == "graves.levitate"


def test_an_act_of_another_room_takes_no_name_that_is_taken():
    def declared(module):
        def lift(filing: Filing) -> None:
            """Nothing."""

        lift.__module__ = module
        return act(roles={Role.SCENE}, past=_("did"))(lift)

    with pytest.raises(ImproperlyConfigured, match=r"graves\.lift is declared in"):
        declared("dokaz.graves.elsewhere")
    assert act_named("graves.lift").module == "dokaz.graves.acts"


def test_the_defence_takes_no_bundle_out_by_itself():
    assert Role.DEFENCE not in act_named("court.bundle").roles


@pytest.mark.parametrize("text", ["", "  ", "\u200b", "\u2060\ufeff", "\u00ad", "\u3164", "\u200f \u200e"])
def test_a_text_of_which_nobody_sees_anything_is_empty(text):
    with pytest.raises(EmptyField):
        require_fields("X-1", sentence("say something"), field=text)


def test_a_field_may_be_called_like_an_argument_of_the_rule():
    assert require_fields("X-1", sentence("say something"), record="here", why="because") is None
