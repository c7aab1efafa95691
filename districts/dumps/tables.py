"""What tables a dump has: the API's own document of each record, taken apart into columns and lists.

A value that holds others (the scope of a version) becomes columns; a list of records (its lines) becomes a
table of its own, whose rows name the record and their place in the list. A list of plain values stays one
cell of JSON. Nothing here is typed by hand: a field that the API gains is a column the next night.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from ..api.resource import Resource
from ..api.resources import RESOURCES
from ..api.urls import openapi_document
from .meanings import meaning_of

Cell = str | int | None
Row = tuple[Cell, ...]

#: How OpenAPI's formats of texts are called here.
_TEXTS = {"date": "day", "date-time": "moment"}
_TYPES = {"integer": "number", "boolean": "yes_no", "array": "json", "object": "json"}


@dataclass(frozen=True)
class Column:
    """A column: kind is text, number, yes_no, day, moment or json; path leads to it in the record."""

    name: str
    kind: str
    may_be_null: bool
    meaning: str
    path: tuple[str, ...] = ()


@dataclass(frozen=True)
class Table:
    """One table. `keys` say which record a row is of, and which row of it; lists are tables below it."""

    name: str
    keys: tuple[Column, ...]
    values: tuple[Column, ...]
    lists: "tuple[tuple[str, Table], ...]" = field(default=())

    @property
    def columns(self) -> tuple[Column, ...]:
        """Return all columns in the order in which they are written."""
        return self.keys + self.values

    def all(self) -> "Iterator[Table]":
        """Yield the table and every one below it."""
        yield self
        for _name, below in self.lists:
            yield from below.all()

    def rows(self, record: Mapping[str, Any], keys: Row = ()) -> Iterator[tuple[str, Row]]:
        """Yield the name of a table and one row of it, for every row that a record amounts to."""
        yield self.name, keys + tuple(cell(column, held(record, column.path)) for column in self.values)
        whose: Row = keys or (record["id"],)
        for name, below in self.lists:
            for place, part in enumerate(record[name], start=1):
                yield from below.rows(part, (*whose, place))


def held(record: Mapping[str, Any], path: tuple[str, ...]) -> Any:
    """Return what a record holds at a path; None where what should hold it is null."""
    found: Any = record
    for name in path:
        found = None if found is None else found[name]
    return found


def cell(column: Column, value: Any) -> Cell:
    """Return a value as SQLite stores it: yes and no are 1 and 0, whatever has parts is JSON."""
    if value is None:
        return None
    if column.kind == "yes_no":
        return int(value)
    if column.kind == "json":
        return json.dumps(value, ensure_ascii=False)
    return value


@cache
def tables() -> dict[str, Table]:
    """Return the table of each resource, by its name in the API."""
    schemas = json.loads(openapi_document())["components"]["schemas"]
    return {resource.name: _table_of(resource, schemas) for resource in RESOURCES}


def _table_of(resource: Resource, schemas: Mapping[str, Any]) -> Table:
    component = resource.serializer.__name__.removesuffix("Serializer")
    whole = schemas[component]["properties"]
    kind = "number" if whole["id"]["type"] == "integer" else "text"
    owner = Column(f"{resource.one}_id", kind, False, f"The id of the {resource.one}.")
    return _Reader(schemas, owner).read(resource.name, component, keys=())


class _Reader:
    """Takes one component of the document apart."""

    def __init__(self, schemas: Mapping[str, Any], owner: Column) -> None:
        self.schemas = schemas
        self.owner = owner

    def read(self, name: str, component: str, keys: tuple[Column, ...]) -> Table:
        values: list[Column] = []
        lists: list[tuple[str, Table]] = []
        for field_name, schema in self.schemas[component]["properties"].items():
            if part := _list_of(schema):
                above = (*keys[:-1], _place(f"place_in_{name.rpartition('_')[2]}")) if keys else (self.owner,)
                below = (*above, _place("place_in_list"))
                lists.append((field_name, self.read(f"{name}_{field_name}", part, below)))
            else:
                values += self._columns(name, (field_name,), schema, may_be_null=False)
        return Table(name, keys, tuple(values), tuple(lists))

    def _columns(
        self, table: str, path: tuple[str, ...], schema: Mapping[str, Any], may_be_null: bool
    ) -> Iterator[Column]:
        refs = [each["$ref"] for each in (schema, *schema.get("anyOf", ())) if "$ref" in each]
        inner = self.schemas[refs[0].rpartition("/")[2]] if refs else {}
        may_be_null |= {"type": "null"} in schema.get("anyOf", ())
        if "properties" in inner:
            for name, below in inner["properties"].items():
                yield from self._columns(table, (*path, name), below, may_be_null)
            return
        types = schema.get("type", "string")
        types = [types] if isinstance(types, str) else types
        kind = next(
            (_TYPES[each] for each in types if each in _TYPES), _TEXTS.get(schema.get("format", ""), "text")
        )
        said = schema.get("description") or inner.get("description") or meaning_of(table, path)
        yield Column("_".join(path), kind, may_be_null or "null" in types, _one_line(said), path)


def _list_of(schema: Mapping[str, Any]) -> str:
    """Return the component a list is of; empty where it is a list of plain values, or no list."""
    return str(schema.get("items", {}).get("$ref", "")).rpartition("/")[2]


def _place(name: str) -> Column:
    return Column(name, "number", False, "The place in the list, from 1 on.")


def _one_line(text: str) -> str:
    return " ".join(text.replace("\n* ", " · ").split())
