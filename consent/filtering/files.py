"""Reading and writing the files of a roster zip: as a stream, strictly, whole or not at all."""

import csv
import io
import os
import secrets
import zipfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from typing import IO

from .report import FilterRefused

Row = list[str]
SAME_TIME = (1980, 1, 1, 0, 0, 0)  # of every file in the zip, so that equal content is equal bytes


def names(source: zipfile.ZipFile) -> dict[str, str]:
    """Return the path of each file by its name without ending."""
    names: dict[str, str] = {}
    for info in source.infolist():
        path = PurePosixPath(info.filename)
        if info.is_dir() or "__MACOSX" in path.parts:
            continue
        stem = path.name.removesuffix(".csv")
        if stem in names:
            raise FilterRefused("the zip holds this file twice", file=path.name)
        names[stem] = info.filename
    return names


def read(raw: IO[bytes], file: str) -> tuple[Row, Iterator[Row]]:
    """Return the header and an iterator of the rows of a CSV file. Raises FilterRefused at a broken row."""
    reader = csv.reader(io.TextIOWrapper(raw, "utf-8-sig", newline=""), strict=True)

    def unreadable(error: Exception) -> FilterRefused:
        return FilterRefused(f"not readable as CSV in UTF-8 ({error})", file=file, line=reader.line_num)

    def checked() -> Iterator[Row]:
        try:
            for row in reader:
                if row and len(row) != len(header):
                    raise FilterRefused(
                        f"{len(row)} values, expected {len(header)}", file=file, line=reader.line_num
                    )
                if row:
                    yield row
        except (csv.Error, UnicodeDecodeError) as error:
            raise unreadable(error) from error

    try:
        header = next(reader)
    except StopIteration:
        raise FilterRefused("the file is empty", file=file) from None
    except (csv.Error, UnicodeDecodeError) as error:
        raise unreadable(error) from error
    if len(set(header)) != len(header):
        raise FilterRefused("a column stands twice in the header", file=file, line=1)
    return header, checked()


def write(target: zipfile.ZipFile, file: str, header: Row, rows: Iterable[Row]) -> None:
    """Write one CSV file into a zip."""
    info = zipfile.ZipInfo(f"{file}.csv", SAME_TIME)
    info.compress_type = zipfile.ZIP_DEFLATED
    with (
        target.open(info, "w", force_zip64=True) as raw,
        io.TextIOWrapper(raw, "utf-8", newline="") as text,
    ):
        writer = csv.writer(text)
        writer.writerow(header)
        writer.writerows(rows)


@contextmanager
def opened(path: Path) -> Iterator[zipfile.ZipFile]:
    """Open a zip. Raises FilterRefused if it is none."""
    try:
        with zipfile.ZipFile(path) as source:
            yield source
    except (FileNotFoundError, IsADirectoryError, zipfile.BadZipFile) as error:
        raise FilterRefused("this is no zip file", file=path.name) from error


@contextmanager
def whole_or_not_at_all(path: Path) -> Iterator[IO[bytes]]:
    """Write beside a path and put the file in its place when all is written; readable by its owner only."""
    partial = path.with_name(f".{path.name}.{secrets.token_hex(4)}.part")
    try:
        with open(os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as raw:
            yield raw
        partial.replace(path)
    finally:
        partial.unlink(missing_ok=True)
