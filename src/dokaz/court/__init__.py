"""Disclosure, redaction, the bundle."""
