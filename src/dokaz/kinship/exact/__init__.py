"""The exact likelihood of a given question, and the plans of summation that questions of one shape share."""
