"""Every code that a record may hold has words in both languages."""

from __future__ import annotations

import pytest
from django.apps import apps
from django.utils import translation
from django.utils.translation import pgettext

from dokaz.court.redaction import CODES
from dokaz.exchange.reading.remarks import REMARKS
from dokaz.identification.left_out import REASONS
from dokaz.identification.lines import FINDINGS
from dokaz.identification.models import MarkerState, Subject
from dokaz.pages.refusals import CONTEXT

# Written alike in both languages.
ALIKE: set[str] = set()
TABLES = {"findings": FINDINGS, "left out": REASONS, "remarks": REMARKS}


def choices() -> list[tuple[str, str, object]]:
    """Every choice of every field of our models, and of what JSON fields hold: where, the code, its label."""
    found = [
        (f"{model._meta.label}.{field.name}", str(code), label)
        for app in apps.get_app_configs() if app.name.startswith("dokaz.")
        for model in app.get_models()
        for field in model._meta.concrete_fields
        for code, label in field.flatchoices
    ]  # fmt: skip
    found += [("redaction", code, label) for code, label in CODES.items()]
    return found + [(each.__name__, code, label) for each in (Subject, MarkerState) for code, label in each.choices]


def test_every_choice_has_words_in_both_languages():
    wrong = []
    for where, code, label in choices():
        with translation.override("en"):
            english = str(label)
        with translation.override("uk"):
            ukrainian = str(label)
        if english == ukrainian and english not in ALIKE:
            wrong.append(f"{where}: {code}")
    assert wrong == []
    assert len(choices()) > 50


@pytest.mark.parametrize("table", TABLES)
def test_every_code_of_a_table_has_words_in_both_languages(table):
    with translation.override("uk"):
        assert [code for code, words in TABLES[table].items() if pgettext(CONTEXT, words) == words] == []
