"""How a value stands in a CSV file, so that a spreadsheet takes no text for a formula and nothing is lost."""

import re

from .tables import Cell, Column

# What a spreadsheet takes for the start of a formula. A text that starts so, or so behind apostrophes of its
# own, gets one apostrophe more; whoever reads the file by program takes one away again.
_FORMULA = re.compile(r"'*[=+\-@\t\r]")
_ESCAPED = re.compile(r"'+[=+\-@\t\r]")


def written(column: Column, value: Cell) -> str:
    """Return the cell: null is empty (a column that may be null has no empty text), yes and no in words."""
    if value is None:
        return ""
    if column.kind == "yes_no":
        return "yes" if value else "no"
    text = str(value)
    return f"'{text}" if column.kind == "text" and _FORMULA.match(text) else text


def read(column: Column, text: str) -> Cell:
    """Return the value that a cell stands for: the other way round."""
    if not text and column.may_be_null:
        return None
    if column.kind == "yes_no":
        return int(text == "yes")
    if column.kind == "number":
        return int(text)
    return text[1:] if column.kind == "text" and _ESCAPED.match(text) else text
