"""How dates read in English: “Nov 23, 2026”, without the full stop that Django's own format puts after the month."""

DATE_FORMAT = "M j, Y"
DATETIME_FORMAT = "M j, Y, g:i a"
SHORT_DATE_FORMAT = "M j, Y"
TIME_FORMAT = "g:i a"
