"""Compiled loops over arrays; they know neither persons nor markers by name."""
