"""The rows of the project's own catalogue, as its files hold them."""

import csv
from collections import Counter
from pathlib import Path

CATALOGUE = Path(__file__).parents[2] / "districts" / "catalogue"
TEXTS = ("label", "definition", "sensitivity_reason", "usual_source")

Row = dict[str, str]


def read(name: str) -> list[Row]:
    with (CATALOGUE / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, strict=True))


CATEGORIES = read("categories.csv")
BY_CATEGORY = {path.stem: read(f"elements/{path.name}") for path in sorted(CATALOGUE.glob("elements/*.csv"))}
ELEMENTS = [row for rows in BY_CATEGORY.values() for row in rows]
CODES = {row["code"] for row in ELEMENTS}
CROSSWALK = read("crosswalk.csv")
PURPOSES = read("purposes.csv")
PROHIBITIONS = read("prohibitions.csv")
SHARED_REASONS = read("shared_reasons.csv")


def identifiers(scheme: str) -> list[str]:
    return [row["identifier"] for row in CROSSWALK if row["scheme"] == scheme]


def repeated(values: list[str]) -> list[str]:
    return sorted(value for value, times in Counter(values).items() if times > 1)
