"""How dates and numbers are written: day before month, twenty-four hours, a thin space between thousands."""
