"""Opens a roster folder or zip and refuses what is no roster: too big, damaged, or reaching outside.

Nothing is ever unpacked to disk: members are read as streams, so a path inside a zip has no effect. Odd
paths are refused all the same, because no roster system writes them.
"""

import hashlib
import stat
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import IO

from django.utils.translation import gettext as _

from .report import Refusals

MANY_MEMBERS = 200
LARGEST = 4 * 1024**3  # bytes of all files together; a million students with their classes need about 1.5
# CSV packs 5 to 40 times. What packs better and is big was made to be unpacked.
PACKED_RATIO = 200
RATIO_COUNTS_FROM = 32 * 1024**2
CHUNK = 1024 * 1024


@dataclass(frozen=True)
class Source:
    """The CSV files of one export, by lower-case name."""

    members: dict[str, Callable[[], IO[bytes]]]
    sha256: str

    def __contains__(self, name: str) -> bool:
        return name in self.members

    def open(self, name: str) -> IO[bytes]:
        """Return one file as a stream of bytes."""
        return self.members[name]()


@contextmanager
def open_source(path: Path, refusals: Refusals, demographics: str = "") -> Iterator[Source]:
    """Open a folder or a zip; `demographics` names one more file, in it or anywhere.

    Raises RosterRefused.
    """
    if path.is_dir():
        files = _folder(path, refusals)
        members: dict[str, Callable[[], IO[bytes]]] = {name: _opener(file) for name, file in files.items()}
        yield _with_demographics(members, demographics, refusals, _digest_of_files(files))
    elif path.is_file():
        try:
            archive = zipfile.ZipFile(path)
        except (zipfile.BadZipFile, OSError):
            refusals.stop(
                path.name, None, "", _("a file that is no zip, or a damaged one"), _("a zip"), is_cell=False
            )
        with archive:
            members = {
                name: _zip_opener(archive, info) for name, info in _zip(path, archive, refusals).items()
            }
            yield _with_demographics(members, demographics, refusals, _digest(path))
    else:
        refusals.stop(str(path.name), None, "", _("nothing there"), _("a folder or a zip"), is_cell=False)


def _folder(path: Path, refusals: Refusals) -> dict[str, Path]:
    files: dict[str, Path] = {}
    size = 0
    for file in sorted(path.iterdir()):
        if file.suffix.lower() != ".csv" or file.name.startswith("."):
            continue
        if not file.resolve().is_relative_to(path.resolve()) or not file.is_file():
            refusals.stop(file.name, None, "", _("a link to outside"), _("a file"), is_cell=False)
        if file.name.lower() in files:
            refusals.stop(file.name, None, "", _("two files of this name"), _("one"), is_cell=False)
        files[file.name.lower()] = file
        size += file.stat().st_size
    _check_size(path.name, size, refusals)
    return files


def _zip(path: Path, archive: zipfile.ZipFile, refusals: Refusals) -> dict[str, zipfile.ZipInfo]:
    """Return the CSV members beside users.csv, after looking at every member."""
    infos = archive.infolist()
    if len(infos) > MANY_MEMBERS:
        refusals.stop(
            path.name, None, "", str(len(infos)), _("at most %d files") % MANY_MEMBERS, is_cell=False
        )
    for info in infos:
        _check_member(path.name, info, refusals)
    unpacked = sum(info.file_size for info in infos)
    _check_size(path.name, unpacked, refusals)
    packed = sum(info.compress_size for info in infos)
    too_dense = unpacked > RATIO_COUNTS_FROM and unpacked > PACKED_RATIO * max(packed, 1)
    if too_dense or packed > path.stat().st_size:
        refusals.stop(
            path.name, None, "", _("a zip made to grow when unpacked"), _("an export"), is_cell=False
        )

    wanted: dict[str, zipfile.ZipInfo] = {}
    folder = _folder_of_users(path.name, infos, refusals)
    for info in infos:
        member = PurePosixPath(info.filename)
        if info.is_dir() or member.suffix.lower() != ".csv" or member.parent != folder:
            continue
        if member.name.lower() in wanted:
            refusals.stop(info.filename, None, "", _("two files of this name"), _("one"), is_cell=False)
        wanted[member.name.lower()] = info
    return wanted


def _folder_of_users(zip_name: str, infos: list[zipfile.ZipInfo], refusals: Refusals) -> PurePosixPath:
    """Return the folder inside the zip where users.csv stands: people zip the folder or what is in it.

    An older export in a folder below is left alone; of two side by side nobody can say which is meant.
    """
    members = [PurePosixPath(info.filename) for info in infos]
    users = {member.parent for member in members if member.name.lower() == "users.csv"}
    highest = min((len(parent.parts) for parent in users), default=0)
    found = sorted(parent for parent in users if len(parent.parts) == highest)
    if len(found) > 1:
        words = _("users.csv in %(one)s and %(other)s") % {"one": found[0], "other": found[1]}
        refusals.stop(zip_name, None, "", words, _("one export"), is_cell=False)
    return found[0] if found else PurePosixPath(".")


def _check_member(zip_name: str, info: zipfile.ZipInfo, refusals: Refusals) -> None:
    # orig_filename: zipfile itself rewrites some of what must be seen here.
    name = info.orig_filename
    parts = PurePosixPath(name.replace("\\", "/")).parts
    if name.startswith(("/", "\\")) or ".." in parts or (parts and parts[0].endswith(":")) or "\0" in name:
        refusals.stop(zip_name, None, "", name, _("a file inside the zip"))
    if stat.S_ISLNK(info.external_attr >> 16):
        refusals.stop(zip_name, None, "", _("a link"), _("a file"), is_cell=False)
    if info.flag_bits & 0x1:
        refusals.stop(zip_name, None, "", _("a file with a password"), _("a file without one"), is_cell=False)
    if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        refusals.stop(zip_name, None, "", _("an unusual way of packing"), _("an ordinary zip"), is_cell=False)


def _check_size(name: str, size: int, refusals: Refusals) -> None:
    if size > LARGEST:
        refusals.stop(
            name,
            None,
            "",
            _("%d million bytes") % (size // 10**6),
            _("at most %d million bytes") % (LARGEST // 10**6),
            is_cell=False,
        )


def _with_demographics(
    members: dict[str, Callable[[], IO[bytes]]], demographics: str, refusals: Refusals, sha256: str
) -> Source:
    """Put the file with the birth dates under its usual name."""
    if demographics:
        outside = Path(demographics)
        if outside.is_file():
            _check_size(outside.name, outside.stat().st_size, refusals)
            members = {**members, "demographics.csv": _opener(outside)}
            sha256 = hashlib.sha256(f"{sha256} {_digest(outside)}".encode()).hexdigest()
        elif demographics.lower() in members:
            members = {**members, "demographics.csv": members[demographics.lower()]}
        else:
            refusals.stop(
                outside.name, None, "", _("nothing there"), _("the file with birth dates"), is_cell=False
            )
    return Source(members, sha256)


def _opener(file: Path) -> Callable[[], IO[bytes]]:
    return lambda: file.open("rb")


def _zip_opener(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> Callable[[], IO[bytes]]:
    return lambda: archive.open(info)


def _digest(file: Path) -> str:
    digest = hashlib.sha256()
    with file.open("rb") as stream:
        while chunk := stream.read(CHUNK):
            digest.update(chunk)
    return digest.hexdigest()


def _digest_of_files(files: dict[str, Path]) -> str:
    """Return one SHA-256 over the names and contents of a folder's files."""
    lines = "".join(f"{_digest(file)}  {name}\n" for name, file in files.items())
    return hashlib.sha256(lines.encode()).hexdigest()
