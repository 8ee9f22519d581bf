"""Dokaz: an evidence database for investigations of mass graves and places of torture."""
