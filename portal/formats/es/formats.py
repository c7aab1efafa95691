"""How dates read in Spanish: “23 de noviembre de 2026”."""

DATE_FORMAT = r"j \d\e F \d\e Y"
DATETIME_FORMAT = r"j \d\e F \d\e Y, g:i a"
SHORT_DATE_FORMAT = r"j M Y"
TIME_FORMAT = "g:i a"
