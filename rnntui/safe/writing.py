"""Files written whole or not at all: a temporary beside it, then one rename."""

from __future__ import annotations

import os
import secrets
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

from rnntui.safe.errors import InputError

TEMPORARY = ".rnntui-{}.tmp"
"""The name of a file that is being written; one left behind by a killed process is a stray."""


def check_output(path: str | os.PathLike[str], force: bool = False) -> None:
    """Raise InputError where `path` exists and `force` is not given, is no regular file, or has no folder.

    For calling before the work whose result is to be written."""
    name = os.fspath(path)
    target = Path(name)
    if not name:
        raise InputError(name, "", "no file is named: give a path")
    try:
        mode = target.stat().st_mode
    except (FileNotFoundError, NotADirectoryError):
        mode = None
    except OSError as error:
        raise _fault(name, error) from None
    except ValueError:
        raise InputError(name, "", "no file can have this name") from None
    if mode is not None and stat.S_ISDIR(mode):
        raise InputError(name, "", "is a folder: name a file in it")
    if mode is not None and not stat.S_ISREG(mode):
        raise InputError(name, "", "is not a regular file: name a file, or - for standard output")
    if not force and (mode is not None or target.is_symlink()):
        raise InputError(name, "", "exists and is kept: give another name, or --force to replace it")
    if not target.parent.is_dir():
        raise InputError(name, "", f"there is no folder {target.parent}: create it first")


@contextmanager
def open_output(path: str | os.PathLike[str], force: bool = False) -> Iterator[BinaryIO]:
    """A new file to write bytes to; it takes its name when the block ends, and never if the block raises.

    A replaced file keeps its permissions, a new one gets those of the umask. Raises InputError as
    check_output does, and where writing fails: a full disk, a folder that may not be written to."""
    check_output(path, force)
    name = os.fspath(path)
    target = Path(os.path.realpath(name))  # a link stays a link; what it points to is replaced
    temporary = target.with_name(TEMPORARY.format(secrets.token_hex(4)))
    try:
        # inside, so that a signal that comes between two lines leaves no stray
        with _create(temporary, name) as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        _put(temporary, target, name, force)
    except OSError as error:
        # a broken pipe, or an error that names a file, is of something else that the block did
        if isinstance(error, BrokenPipeError) or str(error.filename) not in ("None", str(temporary)):
            raise
        raise _fault(name, error) from None
    finally:
        with suppress(OSError):  # a stray is better than losing the error that is on its way
            temporary.unlink()
    _sync_folder(target.parent)


def write_bytes(path: str | os.PathLike[str], data: bytes, force: bool = False) -> None:
    """Write `data` as a whole; see open_output."""
    with open_output(path, force) as file:
        file.write(data)


def write_text(path: str | os.PathLike[str], text: str, force: bool = False) -> None:
    r"""Write `text` in UTF-8 with \n line ends on every system; see open_output."""
    write_bytes(path, text.encode("utf-8"), force)


def _create(temporary: Path, name: str) -> BinaryIO:
    flags = os.O_RDWR | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
    try:
        return os.fdopen(os.open(temporary, flags, 0o666), "w+b")
    except OSError as error:
        raise _fault(name, error) from None


def _put(temporary: Path, target: Path, name: str, force: bool) -> None:
    """Give the finished file its name."""
    if force:
        with suppress(FileNotFoundError):
            temporary.chmod(stat.S_IMODE(target.stat().st_mode))
        temporary.replace(target)
        return
    try:
        target.hardlink_to(temporary)  # unlike a rename, this fails where a file has appeared meanwhile
    except FileExistsError:
        check_output(name, force)
        raise
    except (OSError, NotImplementedError):
        # a file system without hard links
        check_output(name, force)
        temporary.replace(target)


def _sync_folder(folder: Path) -> None:
    """Make the new name outlive a power cut, where the system can; the file itself is written already."""
    with suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def _fault(name: str, error: OSError) -> InputError:
    reason = error.strerror or str(error)
    return InputError(name, "", f"cannot be written: {reason[:1].lower()}{reason[1:]}")
