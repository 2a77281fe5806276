"""The program run as users run it: with pipes, and on a pseudo-terminal."""

from __future__ import annotations

import os
import pty
import re
import select
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
PROGRAM = [sys.executable, "-m", "rnntui"]
DEADLINE = 30.0
"""Seconds after which a program that does not answer has failed."""
Piped = Callable[..., "subprocess.CompletedProcess[str]"]


def environment(**more: str) -> dict[str, str]:
    """Ours, with the checkout's modules to be found."""
    path = os.pathsep.join((str(ROOT), str(ROOT / "core")))
    return {**os.environ, "PYTHONPATH": path, "PYTHONUTF8": "1", "TERM": "xterm-256color", "COLUMNS": "80", **more}


@pytest.fixture
def piped() -> Piped:
    """Runs `rnntui ARGUMENTS` with `given` as its standard input; standard output and error are pipes."""

    def run(*arguments: str, given: str = "", **more: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [*PROGRAM, *arguments],
            input=given,
            env=environment(**more),
            capture_output=True,
            encoding="utf-8",
            timeout=DEADLINE,
            check=False,
        )

    return run


@dataclass
class Terminal:
    """A program on a pseudo-terminal."""

    process: subprocess.Popen[bytes]
    descriptor: int
    screen: str = ""
    """All that was written so far, with the terminal's line ends as \\n."""

    def send(self, keys: str) -> None:
        """Type."""
        os.write(self.descriptor, keys.encode())

    def expect(self, text: str) -> str:
        """Wait for a text; returns what came up to it, and forgets it."""
        end = time.monotonic() + DEADLINE
        while text not in self.screen:
            if not self._read(end):
                raise AssertionError(f"{text!r} did not come; there was {self.screen!r}")
        before, _, self.screen = self.screen.partition(text)
        return before + text

    def interrupt(self, text: str) -> None:
        """Press Ctrl-C until a text comes; one that falls just before a read begins is seen only after it."""
        end = time.monotonic() + DEADLINE
        while text not in self.screen and time.monotonic() < end:
            self.send("\x03")
            patience = time.monotonic() + 1.0
            while text not in self.screen and self._read(patience):
                pass
        self.expect(text)

    def end(self) -> int:
        """Wait for the end; the exit code."""
        limit = time.monotonic() + DEADLINE
        while self._read(limit):
            pass
        return self.process.wait(DEADLINE)

    def _read(self, end: float) -> bool:
        ready, _, _ = select.select([self.descriptor], [], [], max(0.0, end - time.monotonic()))
        try:
            data = os.read(self.descriptor, 65536) if ready else b""
        except OSError:  # on Linux the end of a terminal is an error
            data = b""
        self.screen += data.decode("utf-8", "replace").replace("\r\n", "\n")
        return bool(data)


Open = Callable[..., Terminal]


@pytest.fixture
def terminal() -> Iterator[Open]:
    """Opens `rnntui ARGUMENTS` on a pseudo-terminal."""
    opened: list[Terminal] = []

    def start(*arguments: str, **more: str) -> Terminal:
        ours, theirs = pty.openpty()
        process = subprocess.Popen(
            [*PROGRAM, *arguments],
            stdin=theirs,
            stdout=theirs,
            stderr=theirs,
            env=environment(**more),
            start_new_session=True,
            preexec_fn=_take_terminal,
        )
        os.close(theirs)
        opened.append(Terminal(process, ours))
        return opened[-1]

    yield start
    for each in opened:
        if each.process.poll() is None:
            os.killpg(each.process.pid, signal.SIGKILL)
            each.process.wait()
        os.close(each.descriptor)


def _take_terminal() -> None:
    """Make the terminal the one that sends Ctrl-C to the new process."""
    import fcntl
    import termios

    fcntl.ioctl(0, termios.TIOCSCTTY, 0)


def steps(text: str) -> list[str]:
    """The places in what was printed: `1/56`, `2/56` …"""
    return re.findall(r"^step (\d+/\d+) ", text, re.MULTILINE)


@pytest.fixture
def places() -> Callable[[str], list[str]]:
    """Finds the places of the steps printed."""
    return steps
