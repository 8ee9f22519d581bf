"""Blind search: many profiles against many missing persons, through tables that are built once per family."""
