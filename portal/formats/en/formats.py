"""How dates read in English: “Nov 23, 2026”, without the full stop of Django's own format."""

DATE_FORMAT = "M j, Y"
DATETIME_FORMAT = "M j, Y, g:i A"
SHORT_DATE_FORMAT = "M j, Y"
TIME_FORMAT = "g:i A"
