"""English as courts write it: 4 May 2026, 09:12; never 05/04/26, which two readers read differently."""

DATE_FORMAT = "j F Y"
SHORT_DATE_FORMAT = "Y-m-d"
DATETIME_FORMAT = "j F Y, H:i"
SHORT_DATETIME_FORMAT = "Y-m-d H:i"
TIME_FORMAT = "H:i"
MONTH_DAY_FORMAT = "j F"
YEAR_MONTH_FORMAT = "F Y"
FIRST_DAY_OF_WEEK = 1
THOUSAND_SEPARATOR = "\u202f"
DECIMAL_SEPARATOR = "."
NUMBER_GROUPING = 3
