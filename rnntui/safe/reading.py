"""Files of the user's opened and read within limits: regular files only, text in UTF-8 only."""

from __future__ import annotations

import io
import os
import stat
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from difflib import SequenceMatcher, get_close_matches
from itertools import islice
from pathlib import Path
from typing import BinaryIO

from rnntui.safe.decoding import after, pieces
from rnntui.safe.errors import InputError

LONGEST_LINE = 1_048_576
"""Characters of one line that is held in memory."""
_NAMES_LOOKED_AT = 1_000
_ALIKE = 0.6
_KINDS = {
    stat.S_IFDIR: "is a folder: name a file in it",
    stat.S_IFIFO: "is a pipe: save it to a file first",
    stat.S_IFSOCK: "is a socket: name a file",
    stat.S_IFCHR: "is a device: name a file",
    stat.S_IFBLK: "is a device: name a file",
}


@dataclass(frozen=True)
class Window:
    """A part of a text."""

    text: str
    line: int
    """The line on which it begins, from 1."""
    column: int
    """The column at which it begins, from 1."""
    total: int | None
    """Characters of the whole text; None where its end was not reached."""

    def place(self, index: int) -> str:
        """`LINE:COLUMN` of the character at `index`, in the whole text."""
        line, column = after((self.line, self.column), self.text[:index])
        return f"{line}:{column}"


@contextmanager
def open_regular(path: str | os.PathLike[str]) -> Iterator[BinaryIO]:
    """Open a regular file for reading bytes.

    Raises InputError where there is none, where it is a folder, pipe or device, and where reading fails."""
    name = os.fspath(path)
    try:
        descriptor = _open(name)
    except FileNotFoundError:
        raise InputError(name, "", _missing(name)) from None
    except OSError as error:
        raise InputError(name, "", f"cannot be read: {_lower(error)}") from None
    except ValueError:
        raise InputError(name, "", "no file can have this name") from None
    with os.fdopen(descriptor, "rb") as file:
        try:
            yield file
        except OSError as error:
            raise InputError(name, "", f"cannot be read: {_lower(error)}") from None


def read_text(path: str | os.PathLike[str], limit: int) -> str:
    r"""The whole text of a UTF-8 file of at most `limit` bytes; line ends are \n, no byte order mark.

    Raises InputError naming size and limit, or the offset of a byte that is not text."""
    name = os.fspath(path)
    with open_regular(path) as file:
        data = file.read(limit + 1)
        if len(data) > limit:
            size = max(os.fstat(file.fileno()).st_size, len(data))
            raise InputError(name, "", f"has {size:,} bytes, over the limit of {limit:,}: pass a smaller file")
    return "".join(pieces(io.BytesIO(data), name))


def read_window(path: str | os.PathLike[str], offset: int, length: int) -> Window:
    """The `length` characters from character `offset` on, fewer where the text ends; UTF-8, of any size.

    Reads to the block of the window's end and holds no more than the window and that block. A byte that is
    not text is an InputError only where it stands before the window's end."""
    place = (1, 1)
    seen = 0
    found: list[str] = []
    with open_regular(path) as file:
        for piece in pieces(file, os.fspath(path)):
            skipped = min(max(0, offset - seen), len(piece))
            place = after(place, piece[:skipped])
            wanted = offset + length - max(seen, offset)
            found.append(piece[skipped : skipped + wanted])
            seen += len(piece)
            if seen >= offset + length:
                return Window("".join(found), *place, None)
    return Window("".join(found), *place, seen)


def read_lines(path: str | os.PathLike[str]) -> Generator[str]:
    r"""The lines of a UTF-8 file of any size, each with its \n; the last one perhaps without.

    Raises InputError for a line of over a million characters, besides what opening and decoding raise."""
    name = os.fspath(path)
    number = 1
    begun = ""
    with open_regular(path) as file:
        for piece in pieces(file, name):
            *whole, rest = (begun + piece).split("\n")
            for line in whole:
                yield line + "\n"
                number += 1
            if len(rest) > LONGEST_LINE:
                raise InputError(name, str(number), f"a line of over {LONGEST_LINE:,} characters: break it up")
            begun = rest
        if begun:
            yield begun


def _open(name: str) -> int:
    """A descriptor of a regular file; looked at first, since opening some devices acts on them."""
    if not name:
        raise InputError(name, "", "no file is named: give a path")
    _check_kind(name, Path(name).stat().st_mode)
    # not blocking: a pipe put in the file's place meanwhile would wait for a writer
    flags = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
    descriptor = os.open(name, flags)
    try:
        _check_kind(name, os.fstat(descriptor).st_mode)
    except InputError:
        os.close(descriptor)
        raise
    return descriptor


def _check_kind(name: str, mode: int) -> None:
    if not stat.S_ISREG(mode):
        raise InputError(name, "", _KINDS.get(stat.S_IFMT(mode), "is not a regular file: name a file"))


def _missing(name: str) -> str:
    """Why nothing is found under `name`, with near names from the same folder."""
    path = Path(name)
    folder = path.parent
    if path.is_symlink():
        return "is a link to a file that does not exist: check where it points"
    if not folder.is_dir():
        return f"there is no folder {folder}: check the path"
    try:
        with os.scandir(folder) as entries:
            names = [entry.name for entry in islice(entries, _NAMES_LOOKED_AT)]
    except OSError:
        return "no such file: check the path"
    close = get_close_matches(path.name, names, n=3)
    # by the stems too: a common suffix alone makes no two names alike
    near = [name for name in close if SequenceMatcher(None, path.stem, Path(name).stem).ratio() >= _ALIKE]
    return f"no such file; did you mean {' or '.join(near)}?" if near else "no such file: check the path"


def _lower(error: OSError) -> str:
    """The system's reason, in the middle of a sentence."""
    reason = error.strerror or str(error)
    return reason[:1].lower() + reason[1:]
