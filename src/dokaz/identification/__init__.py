"""Comparisons, lines of evidence, boards, decisions, releases."""
