"""Checks a Dokaz evidence bundle offline, without trusting whoever made it."""
