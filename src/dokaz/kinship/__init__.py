"""Likelihood ratios given pedigrees, blind search, joint assignment, power."""
