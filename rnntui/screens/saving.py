"""The picture of a screen and the run that is on it, as files beside each other."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Protocol, runtime_checkable

from rnntui.plain.command import CommandError
from rnntui.reports.trace_npz import write_npz
from rnntui.safe import InputError, check_output, clean, cut, open_output
from rnntui.session import Session

PICTURE, TRACE = ".svg", ".npz"
LONGEST = 40
"""Letters of a proposed name, without what is added to it."""


@runtime_checkable
class Saveable(Protocol):
    """A screen on which runs are shown."""

    def saved_sessions(self) -> tuple[Session, ...]:
        """They are saved with its picture."""


def sessions_of(screens: Sequence[object]) -> tuple[Session, ...]:
    """What the screens show, the uppermost last: of the nearest that shows runs."""
    return next((screen.saved_sessions() for screen in reversed(screens) if isinstance(screen, Saveable)), ())


def proposal(sessions: Sequence[Session]) -> str:
    """A name that no file has yet: `rnn-step-60`."""
    titles = "-".join(clean(session.title) for session in sessions) or "rnntui"
    name = cut(re.sub(r"[^\w.-]+", "-", titles).strip("-.") or "run", LONGEST).replace("…", "")
    name += f"-step-{sessions[0].position}" if sessions else ""
    tried, number = name, 1
    while any(file.exists() for file in files_of(tried, sessions)):
        number += 1
        tried = f"{name}-{number}"
    return tried


def files_of(name: str, sessions: Sequence[Session]) -> tuple[Path, ...]:
    """The picture, then a trace for each session of which it is known what it reads; with two or more of these their
    names end in -a, -b …"""
    path = Path(name.strip()).expanduser()
    if path.suffix.lower() in (PICTURE, TRACE):
        path = path.with_suffix("")
    known = [session for session in sessions if session.source is not None]
    ends = [f"-{chr(ord('a') + place)}" if len(known) > 1 else "" for place in range(len(known))]
    return (_named(path, PICTURE), *(_named(path, end + TRACE) for end in ends))


def _named(path: Path, end: str) -> Path:
    return path.parent / (path.name + end)


def save(name: str, picture: str, sessions: Sequence[Session]) -> tuple[Path, ...]:
    """Write the picture and the runs; their paths. Raises CommandError where one of them cannot be written, or is there
    already; then none of them is."""
    if not name.strip():
        raise CommandError("no file is named: give a name")
    files = files_of(name, sessions)
    known = [(session, session.source) for session in sessions if session.source is not None]
    written: list[Path] = []
    try:
        for file in files:
            check_output(file)
        with open_output(files[0]) as output:
            output.write(picture.encode())
        written.append(files[0])
        for file, (session, source) in zip(files[1:], known, strict=True):
            with open_output(file) as output:
                write_npz(session.run, source, output)
            written.append(file)
    except InputError as error:
        _remove(written)
        raise CommandError(str(error).replace(", or --force to replace it", "")) from None
    return files


def _remove(files: Iterable[Path]) -> None:
    for file in files:
        with suppress(OSError):
            file.unlink()
