"""Files from outside: cells and values, what teams deliver, formats of other programs."""
