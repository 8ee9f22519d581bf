"""Examinations, samples, DNA profiles."""
