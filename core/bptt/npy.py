"""The arrays inside an .npz file, read within limits: sizes and types are known before a byte is inflated."""

from __future__ import annotations

import math
import re
import struct
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

import numpy as np
from numpy.typing import NDArray

from bptt.errors import InputError, quoted

MAX_DIRECTORY = 2**20
"""Bytes of a zip file's list of members."""
MAX_HEADER = 10_000
_END = b"PK\x05\x06"
_END_SIZE = 22
_LOCATOR = b"PK\x06\x07"
_LOCATOR_SIZE = 20
_DESCRIPTION = re.compile(r"'descr': *'([<>|=]?[a-zA-Z]\d{0,9})'")
_ORDER = re.compile(r"'fortran_order': *(True|False)")
_SHAPE = re.compile(r"'shape': *\(([\d, ]{0,200})\)")


@dataclass(frozen=True)
class Header:
    """What an array's header says."""

    descr: str
    """NumPy's type string, such as <f8."""
    fortran_order: bool
    shape: tuple[int, ...]
    offset: int
    """Bytes before the data."""

    @property
    def kind(self) -> str:
        """NumPy's letter for the kind of number; O for Python objects."""
        return self.descr.lstrip("<>|=")[0]

    @property
    def size(self) -> int:
        """Bytes of the data."""
        each = int(self.descr.lstrip("<>|=")[1:] or 1)
        return math.prod(self.shape) * (each * 4 if self.kind == "U" else each)


class Archive:
    """An open .npz file. Errors are InputErrors that name the file."""

    def __init__(self, path: Path, archive: zipfile.ZipFile) -> None:
        self._path = path
        self._archive = archive
        self._members = {
            info.filename.removesuffix(".npy"): info for info in archive.infolist() if info.filename.endswith(".npy")
        }

    @property
    def names(self) -> tuple[str, ...]:
        """The arrays in it, in the order of the file."""
        return tuple(self._members)

    def header(self, name: str) -> Header:
        """What the array's header says; raises InputError where it contradicts the size of the member."""
        with self._open(name) as file:
            return self._header(name, file)

    def array(self, name: str) -> NDArray[Any]:
        """The numbers of an array of integers or floats; the caller has checked its size."""
        header, data = self._data(name)
        try:
            flat = np.frombuffer(data, np.dtype(header.descr))
        except (TypeError, ValueError):
            raise self._fault(f"{quoted(name)} holds {header.descr}, which NumPy does not know") from None
        return flat.reshape(header.shape, order="F" if header.fortran_order else "C")

    def text(self, name: str) -> str:
        """The text of a 0-d Unicode array; the caller has checked its size."""
        header, data = self._data(name)
        if header.shape != () or header.kind != "U":
            raise self._fault(f"{quoted(name)} is not a text")
        try:
            return data.decode("utf-32-be" if header.descr.startswith(">") else "utf-32-le").rstrip("\0")
        except UnicodeDecodeError:
            raise self._fault(f"{quoted(name)} is not Unicode text") from None

    def _data(self, name: str) -> tuple[Header, bytes]:
        with self._open(name) as file:
            header = self._header(name, file)
            return header, file.read(header.size)

    @contextmanager
    def _open(self, name: str) -> Iterator[IO[bytes]]:
        with faults(self._path), self._archive.open(self._members[name]) as file:
            yield file

    def _header(self, name: str, file: IO[bytes]) -> Header:
        info = self._members[name]
        # the other methods may inflate without bound from a few bytes
        if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise self._fault(f"{quoted(name)} is compressed in a way that NumPy does not write")
        header = parse_header(file)
        if header is None:
            raise self._fault(f"{quoted(name)} is not a plain NumPy array")
        if header.kind not in "iufbcU":
            raise self._fault(f"{quoted(name)} holds {header.descr}, not numbers or text")
        if header.offset + header.size != info.file_size:
            raise self._fault(f"{quoted(name)} is damaged: its size is not what its header says")
        return header

    def _fault(self, reason: str) -> InputError:
        return InputError(reason, str(self._path))


@contextmanager
def open_archive(path: Path) -> Iterator[Archive]:
    """Open an .npz file; InputError where it is not one or its list of members is too long."""
    with faults(path), path.open("rb") as file:
        _check_directory(path, file)
        with zipfile.ZipFile(file) as archive:
            yield Archive(path, archive)


@contextmanager
def faults(path: Path) -> Iterator[None]:
    """Turn what reading a damaged file raises into one InputError that names the file."""
    try:
        yield
    except InputError:
        raise
    except OSError as error:
        raise InputError(f"cannot be read: {error.strerror or error}", str(path)) from None
    except (zipfile.BadZipFile, zlib.error, EOFError, struct.error, ValueError, LookupError) as error:
        raise InputError(f"is damaged: {error}", str(path)) from None
    except (RuntimeError, OverflowError):
        raise InputError("is encrypted or of an unknown kind", str(path)) from None


def parse_header(file: IO[bytes]) -> Header | None:
    """The header of the .npy format, versions 1 to 3, at the file's position; None where there is none."""
    start = file.read(8)
    if start[:6] != b"\x93NUMPY" or len(start) < 8 or start[6] not in (1, 2, 3):
        return None
    width = 2 if start[6] == 1 else 4
    length = int.from_bytes(file.read(width), "little")
    if length > MAX_HEADER:
        return None
    text = file.read(length).decode("latin-1")
    found = [pattern.search(text) for pattern in (_DESCRIPTION, _ORDER, _SHAPE)]
    if found[0] is None or found[1] is None or found[2] is None:
        return None
    sizes = [size.strip() for size in found[2][1].split(",") if size.strip()]
    if not all(size.isascii() and size.isdigit() for size in sizes):
        return None
    shape = tuple(map(int, sizes))
    return Header(found[0][1], found[1][1] == "True", shape, 8 + width + length)


def _check_directory(path: Path, file: IO[bytes]) -> None:
    """Raise InputError where the list of members is too long to be read: a small file holds millions of them.

    Finds the same end record as zipfile does."""
    size = file.seek(0, 2)
    file.seek(max(0, size - 2**16 - _END_SIZE))
    tail = file.read()
    at = len(tail) - _END_SIZE
    if not (tail[at : at + 4] == _END and tail.endswith(b"\0\0")):
        at = tail.rfind(_END)
    if at < 0 or len(tail) - at < _END_SIZE:
        raise InputError("is not an .npz file, as numpy.savez writes them: name one", str(path))
    length = int.from_bytes(tail[at + 12 : at + 16], "little")
    zip64 = tail[max(0, at - _LOCATOR_SIZE) : at].startswith(_LOCATOR)
    if zip64 or length > MAX_DIRECTORY:
        raise InputError(f"lists too many arrays: the list is over {MAX_DIRECTORY} bytes", str(path))
    file.seek(0)


def write_archive(file: IO[bytes], arrays: Mapping[str, NDArray[Any]]) -> None:
    """Write arrays as an .npz; the same arrays always give the same bytes, since no clock is in them."""
    with zipfile.ZipFile(file, "w", zipfile.ZIP_STORED) as archive:
        for name, array in arrays.items():
            with archive.open(zipfile.ZipInfo(f"{name}.npy"), "w") as member:
                np.lib.format.write_array(member, np.asanyarray(array), allow_pickle=False)
