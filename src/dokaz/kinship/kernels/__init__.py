"""Compiled loops: arrays in, arrays out; they know no persons and no markers by name."""
