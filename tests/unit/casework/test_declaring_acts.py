"""What an act may not be declared as, and what an empty text is."""

from __future__ import annotations

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

from dokaz.casework.filing import Filing
from dokaz.casework.registry import act, act_named, acts
from dokaz.casework.roles import Role
from dokaz.casework.rules import require_fields
from dokaz.errors import EmptyField, sentence


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


def test_the_defence_takes_no_bundle_out_by_itself():
    assert Role.DEFENCE not in act_named("court.bundle").roles


@pytest.mark.parametrize("text", ["", "  ", "\u200b", "\u2060\ufeff", "\u00ad", "\u3164", "\u200f \u200e"])
def test_a_text_of_which_nobody_sees_anything_is_empty(text):
    with pytest.raises(EmptyField):
        require_fields("X-1", sentence("say something"), field=text)


def test_a_field_may_be_called_like_an_argument_of_the_rule():
    assert require_fields("X-1", sentence("say something"), record="here", why="because") is None
