"""The parts that pages are made of: figures that name their unit, states, hashes, tables, the ledger strip."""

from __future__ import annotations

from django import template

register = template.Library()
