"""The exact likelihood of a given question, and the programs that questions of one shape share."""
